import { toNomadDuration } from '../units.ts'
import { importLiteral } from './container.ts'
import type { JobContext } from './context.ts'
import { present, type StackMap, type StackValue } from './tree.ts'

/** How a task starts again and how it stops. */
export function importLifecycle(job: JobContext): StackMap {
  const { account, plan } = job
  const { stopGracePeriodMs, stopSignal } = plan.service
  if (stopGracePeriodMs) account.mapped(stopGracePeriodMs.key, 'kill_timeout')
  const signal = stopSignal && importLiteral(job, stopSignal, 'kill_signal')
  const isName = signal !== undefined && /^(?:SIG)?[A-Z][A-Z0-9]*$/.test(signal)
  if (stopSignal && signal !== undefined && !isName)
    account.rejected(stopSignal.key, 'Nomad takes signals by their names, such as SIGTERM')
  return present({
    restart: importRestart(job),
    kill_timeout: stopGracePeriodMs && toNomadDuration(stopGracePeriodMs.value),
    kill_signal: isName ? `SIG${signal.replace(/^SIG/, '')}` : undefined,
  })
}

/** Undefined where Drover's default is what compose does: services start again, batch jobs do not. */
function importRestart(job: JobContext): StackValue | undefined {
  const { account, plan } = job
  const { restart, deploy } = plan.service
  const { restartCondition, restartDelayMs, restartAttempts, restartWindowMs } = deploy
  for (const source of [restartDelayMs, restartWindowMs])
    if (source) account.dropped(source.key, 'Drover restarts after 15s, and goes on after a pause')
  const policy = restartCondition
    ? (CONDITIONS[restartCondition.value.join('')] ?? 'always')
    : restart?.value.policy
  const attempts = restartAttempts?.value ?? restart?.value.attempts
  const key = restartCondition?.key ?? restart?.key
  if (restartCondition && restart) account.dropped(restart.key, 'deploy.restart_policy says otherwise')
  if (restartAttempts) account.mapped(restartAttempts.key, 'restart')
  if (key === undefined) return undefined
  const isBatch = plan.section === 'batch'
  if (policy === 'no') {
    if (plan.section === 'workers' || plan.section === 'system') {
      account.approximated(
        key,
        '',
        `it starts again all the same: a ${plan.section === 'system' ? 'system job' : 'worker'} is kept alive`,
      )
      return undefined
    }
    account.mapped(key, isBatch ? '' : 'restart', isBatch ? 'what a batch job does by itself' : undefined)
    return isBatch ? undefined : 'never'
  }
  if (policy === 'on-failure' && (isBatch || attempts !== undefined)) {
    if (!isBatch) account.approximated(key, 'restart', 'starts again after an exit without failure too')
    account.mapped(key, 'restart')
    return { attempts: attempts ?? 10, interval: '10m', delay: '15s', mode: 'fail' }
  }
  if (policy === 'on-failure')
    account.approximated(key, 'restart', 'starts again after an exit without failure too')
  if (isBatch) account.approximated(key, '', 'others wait for it to complete, so it must come to an end')
  else account.mapped(key, '', 'what Drover does by itself')
  return undefined
}

const CONDITIONS: Readonly<Record<string, 'no' | 'on-failure' | 'always'>> = {
  none: 'no',
  'on-failure': 'on-failure',
  any: 'always',
}
