import { loadStack } from '../../adapters/stack-file.ts'
import { DroverError } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import { checkProfiles, PROFILE_OPTION, STACK_OPTIONS, stackLocation } from '../stack-options.ts'

const WHAT = ['render', 'apply', 'check'] as const

export default defineCommand({
  arguments: {
    action: {
      type: 'string',
      choices: ['sync', 'render', 'policy', 'intentions'],
      demandOption: true,
      describe:
        'sync registers, render writes files, policy prints what a token needs, intentions: who may call whom',
    },
    what: {
      type: 'string',
      choices: WHAT,
      describe: 'Of intentions: print them, write them into Consul, or compare',
    },
  },
  options: {
    ...STACK_OPTIONS,
    ...PROFILE_OPTION,
    'dry-run': {
      type: 'boolean',
      default: false,
      describe: 'sync, intentions apply: change nothing; exit 7 if anything would',
    },
    prune: {
      type: 'boolean',
      default: false,
      describe: 'sync, intentions apply: also remove what the stack does not have any more',
    },
    out: {
      type: 'string',
      value: 'FOLDER',
      describe: 'render: where the files go. Default: consul/rendered, or consul/rendered/ENV with --env',
    },
    check: {
      type: 'boolean',
      default: false,
      describe: 'render: write nothing; print what would change and exit 7 if anything would',
    },
  },
  examples: [
    ['consul sync', 'register what runs elsewhere and the worker groups'],
    ['consul sync --dry-run --prune', 'what would be created, updated and removed'],
    ['consul render --check', 'in CI: exit 7 when consul/rendered is not what the stack says'],
    ['consul policy | consul acl policy create -name drover -rules -', 'a policy for the token of Drover'],
    ['consul intentions check --env prod', 'compare who may call whom with Consul'],
  ],
  notes:
    "Consul's agent is found as its own command line finds it: CONSUL_HTTP_ADDR, CONSUL_HTTP_TOKEN or\n" +
    'CONSUL_HTTP_TOKEN_FILE, CONSUL_NAMESPACE, CONSUL_PARTITION, CONSUL_CACERT, CONSUL_CLIENT_CERT, CONSUL_CLIENT_KEY.\n' +
    'Only what has the mark of Drover and of this stack is ever changed or removed.',
  async run(args, context) {
    const { action, what } = args
    if ((action === 'intentions') !== (what !== undefined))
      throw new DroverError(
        'USAGE',
        what === undefined
          ? `consul intentions needs one of ${WHAT.join(', ')}`
          : `consul ${action} takes no ${JSON.stringify(what)}`,
        { hint: 'See drover consul --help.' },
      )
    const { stack } = loadStack(stackLocation(context, args))
    checkProfiles(stack, args.profile)
    if (action === 'sync') return (await import('../consul/sync.ts')).syncConsul(stack, args, context)
    if (action === 'render') {
      const folder = args.out ?? (args.env === undefined ? 'consul/rendered' : `consul/rendered/${args.env}`)
      const { renderServices } = await import('../consul/render.ts')
      return renderServices(stack, { folder, profile: args.profile, check: args.check }, context)
    }
    if (action === 'policy') {
      const { printPolicy } = await import('../consul/print-policy.ts')
      return printPolicy(stack, args.profile, context)
    }
    const { intentionsCommand } = await import('../consul/intentions.ts')
    const { dryRun, prune, profile } = args
    return intentionsCommand(
      stack,
      { what: what as (typeof WHAT)[number], profiles: profile, dryRun, prune },
      context,
    )
  },
})
