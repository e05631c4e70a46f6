import { isBlind, onceReport, onceTable } from '../../../scaler/daemon/print-once.ts'
import { LISTEN_FORM, parseListen } from '../../config/listen.ts'
import { DroverError, ERROR_CODES } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { resolvePath, STACK_OPTIONS } from '../stack-options.ts'
import { VERSION } from '../version.ts'

export default defineCommand({
  options: {
    ...STACK_OPTIONS,
    config: {
      type: 'string',
      value: 'FILE',
      describe: 'A configuration file; everything in it may be left out',
    },
    listen: {
      type: 'string',
      value: 'HOST:PORT',
      describe: 'Where the API is served. Default: 127.0.0.1:7646, or as configured',
    },
    'dry-run': { type: 'boolean', default: false, describe: 'Decide and say, and change nothing in Nomad' },
    once: { type: 'boolean', default: false, describe: 'Look at every group once, act, print, and end' },
  },
  examples: [
    ['scaler', 'scale the worker groups of stack.yml until SIGTERM'],
    ['scaler --dry-run', 'the same, but only say what would be done'],
    ['scaler --once --dry-run --json', 'what it would do now, as JSON'],
  ],
  notes:
    'Nomad is found by NOMAD_ADDR, NOMAD_TOKEN (or NOMAD_TOKEN_FILE) and the other variables of its own CLI, the queues\n' +
    'by DROVER_REDIS_URL. SIGTERM and SIGINT end what is under way and exit 0; SIGHUP reads the files again, and so does\n' +
    'a change of one. A file that is wrong changes nothing. --once exits 5 when a group is held for want of knowledge.',
  async run(args, context) {
    const listen = args.listen === undefined ? undefined : parseListen(args.listen)
    if (args.listen !== undefined && listen === undefined)
      throw new DroverError('USAGE', `--listen ${LISTEN_FORM}, not ${JSON.stringify(args.listen)}`)
    const options = {
      files: {
        stack: resolvePath(context, args.stack),
        environment: args.env,
        config: args.config === undefined ? undefined : resolvePath(context, args.config),
      },
      listen,
      dryRun: args['dry-run'],
      env: context.env,
      clock: { now: context.now },
      version: VERSION,
      ...logStream(context),
      process,
      signal: context.signal,
    }
    if (!args.once) {
      const { runDaemon } = await import('../../../scaler/main.ts')
      await runDaemon(options)
      return 0
    }
    const { runOnce } = await import('../../../scaler/once.ts')
    const groups = await runOnce(options)
    if (context.json) context.output.printJson({ dryRun: args['dry-run'], groups: onceReport(groups) })
    else await context.output.printTable(onceTable(groups))
    return groups.some(isBlind) ? ERROR_CODES.UNAVAILABLE.exit : 0
  },
})

/** Lines of the log are words about the data, as those of every command. */
function logStream({ output, json }: Context) {
  const isTTY = !json && process.stderr.isTTY === true
  return { stderr: { isTTY, write: output.words }, color: output.wordColors.isColorSupported }
}
