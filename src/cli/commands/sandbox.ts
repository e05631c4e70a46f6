import { DroverError, ERROR_CODES } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import type { Sandbox, SandboxOptions } from '../sandbox/start-sandbox.ts'
import { aborted, takeSignals } from '../sandbox/take-signals.ts'
import { STACK_OPTIONS } from '../stack-options.ts'

export default defineCommand({
  options: {
    port: { type: 'number', default: 4646, value: 'N', describe: 'Port of the emulated Nomad; 0 takes any' },
    'consul-port': {
      type: 'number',
      default: 8500,
      value: 'N',
      describe: 'Port of the emulated Consul; 0 takes any',
    },
    redis: {
      type: 'string',
      value: 'URL',
      describe: 'Where queues are. Default: DROVER_REDIS_URL, or a Redis of its own',
    },
    speed: {
      type: 'number',
      default: 1,
      value: 'N',
      describe: 'How many times as fast what is simulated starts and ends',
    },
    demo: {
      type: 'boolean',
      default: false,
      describe: 'Bring the stack up in it, scale it, and play days of two minutes',
    },
    once: {
      type: 'boolean',
      default: false,
      describe: 'With --demo: play a short day, and exit 0 if all went well',
    },
    ...STACK_OPTIONS,
  },
  examples: [
    ['sandbox', 'a Nomad and a Consul to try things against, until Ctrl-C'],
    ['sandbox --speed 10', 'the same, with tasks that start ten times as fast'],
    ['sandbox --demo --env demo', 'a day of the reference stack; script/demo does this'],
  ],
  notes:
    'Jobs that are registered run as if, and raw_exec for real; workers run as processes of drover/worker where there is a\n' +
    'Redis and bullmq is installed, with tasks that take as long as their data.ms says and do nothing. docs/sandbox.md has\n' +
    'what is emulated. --stack and --env are for --demo.',
  async run(args, context) {
    if (!(args.speed > 0 && Number.isFinite(args.speed)))
      throw new DroverError('USAGE', `--speed is a number above 0, not ${args.speed}`)
    if (args.once && !args.demo) throw new DroverError('USAGE', '--once goes with --demo')
    const signals = takeSignals(process, context.signal)
    const { startSandbox } = await import('../sandbox/start-sandbox.ts')
    const redis = args.redis ?? (context.env.DROVER_REDIS_URL || undefined)
    const options: SandboxOptions = {
      // A demo needs no known ports, and one beside a real agent should work.
      port: args.demo ? 0 : args.port,
      consulPort: args.demo ? 0 : args.consulPort,
      redis: args.demo ? args.redis : redis,
      speed: args.speed,
    }
    const sandbox = await startSandbox(options)
    try {
      introduce(sandbox, context)
      if (args.demo) return await demo(sandbox, { ...args, stopped: signals.stopped }, context)
      context.output.say('\nCtrl-C ends it, and everything in it.')
      await aborted(signals.stopped)
      return 0
    } finally {
      await sandbox.close()
      signals.release()
    }
  },
})

function introduce({ env, queues }: Sandbox, { output, json }: Context): void {
  if (json) output.printJson(env)
  else for (const [name, value] of Object.entries(env)) output.data(`export ${name}=${value}\n`)
  if (queues.kind === 'memory') output.say(`Workers are simulated: ${queues.why}`)
}

const DASHBOARD_PORT = 7646

async function demo(
  sandbox: Sandbox,
  args: { stack: string; env: string | undefined; once: boolean; stopped: AbortSignal },
  context: Context,
): Promise<number> {
  const { runDemo } = await import('../demo/run-demo.ts')
  const faults = await runDemo(sandbox, { ...args, port: args.once ? 0 : DASHBOARD_PORT }, context)
  for (const fault of faults) context.output.say(`Not as it should be: ${fault}`)
  return faults.length === 0 ? 0 : ERROR_CODES.REJECTED.exit
}
