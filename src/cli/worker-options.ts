import type { Want } from '../adapters/worker-commands.ts'
import { parseDurationMs } from '../core/units.ts'
import { DroverError, ERROR_CODES } from '../errors.ts'
import { type CommandModule, defineCommand, type Example, type OptionSpec } from './command.ts'

const OPTIONS = {
  redis: {
    type: 'string',
    value: 'URL',
    describe: 'The Redis of the queues, with the database of Celery. Default: DROVER_REDIS_URL',
  },
  prefix: { type: 'string', value: 'TEXT', describe: "Celery's global_keyprefix" },
  registry: { type: 'string', value: 'TEXT', describe: 'registryPrefix of drover/worker. Default: drover' },
  timeout: { type: 'string', value: 'DURATION', default: '5s', describe: 'How long a worker has to obey' },
} as const satisfies Record<string, OptionSpec>

/** Milliseconds of an option that is a duration; undefined when it is not given. Throws USAGE. */
export function durationOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  try {
    return parseDurationMs(text)
  } catch (cause) {
    throw new DroverError('USAGE', `${name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** `cordon` and `lift` differ in what they want. */
export function workerCommand(want: Want, examples: readonly Example[]): CommandModule {
  return defineCommand({
    arguments: {
      worker: {
        type: 'string',
        array: true,
        demandOption: true,
        value: 'ALLOCATION|NODE',
        describe: 'Allocations by id or the start of it, Celery nodes (GROUP@ALLOCATION), or hosts',
      },
    },
    options: OPTIONS,
    examples,
    notes:
      'A worker is asked through the Redis of its queues and must say that it obeyed. One that does not in time is\n' +
      'unknown, which is not idle: exit code 5. What is asked of a worker made with drover/worker stays, also over its\n' +
      'restart, until it is lifted; a Celery worker that is started again takes from all of its queues.',
    async run(args, context) {
      const timeoutMs = durationOption('--timeout', args.timeout) ?? 5000
      const [{ createWorkerCommands }, { openRedis, redisTarget }] = await Promise.all([
        import('../adapters/worker-commands.ts'),
        import('../adapters/redis.ts'),
      ])
      const found = redisTarget(context.env, args.redis)
      if (!found)
        throw new DroverError('USAGE', 'it is not known where the Redis of the queues is', {
          hint: 'Give --redis, or set DROVER_REDIS_URL.',
        })
      const link = openRedis(found.target, 'drover:commands', found.ca)
      try {
        const { database } = found.target
        const commands = createWorkerCommands({
          broker: { link, database, prefix: args.prefix ?? '' },
          timeoutMs,
          ...(args.registry === undefined ? {} : { registryPrefix: args.registry }),
        })
        const answers = (await Promise.all(args.worker.map((word) => commands.ask(word, want)))).flat()
        if (context.json) context.output.printJson(answers)
        else
          await context.output.printTable({
            head: ['worker', 'kind', 'state', 'busy', 'why'],
            rows: answers.map((one) => [
              one.worker,
              one.kind ?? '-',
              one.state,
              'busy' in one && one.busy !== undefined ? one.busy : '-',
              'cause' in one ? one.cause : '',
            ]),
          })
        return answers.some(({ state }) => state === 'unknown') ? ERROR_CODES.UNAVAILABLE.exit : 0
      } catch (cause) {
        if (cause instanceof DroverError) throw cause
        const message = cause instanceof Error ? cause.message : String(cause)
        throw new DroverError('UNAVAILABLE', `Redis does not answer: ${message}`, { cause })
      } finally {
        link.close()
      }
    },
  })
}
