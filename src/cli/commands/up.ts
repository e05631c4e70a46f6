import { nomadClient } from '../../adapters/nomad/client.ts'
import { startRenderSession } from '../../adapters/render-session.ts'
import type { RenderedFile } from '../../core/render-stack.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { registrationOrder } from '../../core/up/order.ts'
import { ERROR_CODES, EXIT_DIFFERENCES } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import { completeJobs } from '../completion/complete-jobs.ts'
import { renderOnce } from '../render-once.ts'
import { PROFILE_OPTION, STACK_OPTIONS } from '../stack-options.ts'
import type { Outcome } from '../up/outcome.ts'
import { prepareJobs } from '../up/prepare-jobs.ts'
import { printOutcomes } from '../up/print-outcomes.ts'
import { registerJobs } from '../up/register-jobs.ts'
import { upNomad } from '../up/up-nomad.ts'

export default defineCommand({
  arguments: {
    job: {
      type: 'string',
      array: true,
      value: 'JOB',
      describe: 'Only these jobs. Default: all',
      complete: completeJobs,
    },
  },
  options: {
    ...STACK_OPTIONS,
    ...PROFILE_OPTION,
    'dry-run': {
      type: 'boolean',
      default: false,
      describe: 'Register nothing; print what would be done and exit 7 if anything would',
    },
    now: { type: 'boolean', default: false, describe: 'Replace workers although they may be busy' },
  },
  examples: [
    ['up', 'bring Nomad to what stack.yml says'],
    ['up --dry-run', 'see what it would do'],
    ['up api worker_heavy', 'these two jobs only'],
    ['up worker_heavy --now', 'without waiting for its workers to be idle'],
  ],
  notes:
    'Every job is parsed and planned by Nomad before the first is registered. Counts that a scaler has set are kept.\n' +
    'Nomad is found by NOMAD_ADDR and the other variables of its own command line; whether workers are busy is asked\n' +
    'where DROVER_REDIS_URL says. Exits 6 when Nomad refuses something, or workers are busy.',
  async run(args, context) {
    const session = await startRenderSession()
    const render = { ...args, job: args.job, format: 'hcl' } as const
    const { loaded, files, warnings } = renderOnce(session, render, context, false)
    context.output.printIssues(warnings)
    const { stack } = loaded
    const http = nomadClient(withRegion(context.env, stack))
    try {
      const nomad = upNomad(http)
      const prepared = await prepareJobs(nomad, inOrder(stack, files), context.output.progress)
      const outcomes = await registerJobs(
        nomad,
        stack,
        prepared,
        { now: args.now, dryRun: args.dryRun },
        context,
      )
      await printOutcomes(outcomes, { differences: args.dryRun }, context)
      return exitCode(outcomes, args.dryRun)
    } finally {
      http.close()
    }
  },
})

/** A region that the stack names is meant, wherever the command runs. */
function withRegion<T extends Readonly<Record<string, string | undefined>>>(env: T, { cluster }: Stack): T {
  return cluster.region === undefined ? env : { ...env, NOMAD_REGION: cluster.region }
}

function inOrder(stack: Stack, files: readonly RenderedFile[]): RenderedFile[] {
  const byJob = new Map(files.flatMap((file) => (file.job ? [[file.job, file] as const] : [])))
  return registrationOrder(stack, [...byJob.keys()]).flatMap((job) => byJob.get(job) ?? [])
}

function exitCode(outcomes: readonly Outcome[], dryRun: boolean): number {
  if (dryRun) return outcomes.every(({ result }) => result === 'unchanged') ? 0 : EXIT_DIFFERENCES
  if (outcomes.some(({ isAway }) => isAway)) return ERROR_CODES.UNAVAILABLE.exit
  return outcomes.every(({ reason }) => reason === undefined) ? 0 : ERROR_CODES.REJECTED.exit
}
