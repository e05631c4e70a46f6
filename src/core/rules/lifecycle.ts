import { tasksOf } from '../stack/stack.ts'
import { parseDurationMs, toNomadDuration } from '../units.ts'
import { forEachJob, type Rule } from './rule.ts'

const LEAST_RESTART_INTERVAL_MS = 5000

export const restartImpossible: Rule = {
  code: 'restart-impossible',
  severity: 'error',
  silenceable: false,
  reason: 'Nomad refuses restart numbers that cannot come true.',
  fix: 'use "always", or numbers that fit into the interval',
  check: forEachJob(function* (job) {
    for (const { restart, path } of tasksOf(job)) {
      if (typeof restart === 'string') continue
      const { attempts, interval, delay, mode } = restart
      const at = (key: string) => [...path, 'restart', key]
      const room = parseDurationMs(interval)
      if (room < LEAST_RESTART_INTERVAL_MS)
        yield { path: at('interval'), message: `the interval of ${interval} is below 5s` }
      if (attempts * parseDurationMs(delay) > room)
        yield {
          path: at('attempts'),
          message: `${attempts} restarts with a delay of ${delay} do not fit into ${interval}`,
        }
      if (attempts === 0 && mode !== 'fail')
        yield {
          path: at('mode'),
          message: 'no attempts leave nothing to delay',
          fix: 'use `mode: fail`, or "never"',
        }
    }
  }),
}

export const deadlineOrder: Rule = {
  code: 'deadline-order',
  severity: 'error',
  silenceable: false,
  reason:
    'In a deployment an allocation has to be healthy for min_healthy_time within healthy_deadline, and one has to become so within progress_deadline. Nomad refuses them in another order. A progress_deadline of 0s stands for none.',
  fix: 'keep min_healthy_time < healthy_deadline < progress_deadline',
  check: forEachJob(function* ({ update, path }) {
    if (!update) return
    const { minHealthyTime: min, healthyDeadline: healthy, progressDeadline: progress } = update
    const [minMs, healthyMs, progressMs] = [min, healthy, progress].map(parseDurationMs) as [
      number,
      number,
      number,
    ]
    if (minMs >= healthyMs)
      yield {
        path: [...path, 'update', 'min_healthy_time'],
        message: `min_healthy_time of ${min} is not below healthy_deadline of ${healthy}`,
      }
    if (progressMs > 0 && healthyMs >= progressMs)
      yield {
        path: [...path, 'update', 'healthy_deadline'],
        message: `healthy_deadline of ${healthy} is not below progress_deadline of ${progress}`,
      }
  }),
}

export const killTimeoutLate: Rule = {
  code: 'kill-timeout-above-deadline',
  severity: 'error',
  silenceable: false,
  reason: 'A deployment would be given up while it still waits for an old task to end, so Nomad refuses it.',
  fix: 'lower kill_timeout, or raise update.progress_deadline',
  check: forEachJob(function* (job) {
    const deadline = job.kind === 'service' ? job.update?.progressDeadline : undefined
    if (deadline === undefined || parseDurationMs(deadline) === 0) return
    for (const { killTimeout, path } of tasksOf(job))
      if (parseDurationMs(killTimeout) > parseDurationMs(deadline))
        yield {
          path: [...path, 'kill_timeout'],
          message: `kill_timeout of ${killTimeout} is above progress_deadline of ${deadline}`,
        }
  }),
}

export const promoteWithoutCanary: Rule = {
  code: 'promote-without-canary',
  severity: 'error',
  silenceable: false,
  reason: 'Only canaries are promoted. Nomad refuses auto_promote without any.',
  fix: 'set update.canary to 1 or more, or remove auto_promote',
  check: forEachJob(function* ({ update, path }) {
    if (update?.autoPromote && update.canary === 0)
      yield { path: [...path, 'update', 'auto_promote'], message: 'there are no canaries to promote' }
  }),
}

export const killTimeoutCapped: Rule = {
  code: 'kill-timeout-capped',
  severity: 'warning',
  silenceable: true,
  reason:
    'The clients cut kill_timeout to their max_kill_timeout (30s unless configured) without a word. A deployment or a node drain then kills what still runs; scaling does not, since there a worker leaves by itself.',
  fix: 'raise max_kill_timeout on the clients and in cluster.max_kill_timeout',
  check: forEachJob(function* (job, settings) {
    const most = settings.cluster.maxKillTimeoutMs
    const capped = tasksOf(job).filter(({ killTimeout }) => parseDurationMs(killTimeout) > most)
    for (const { killTimeout, path } of capped)
      yield {
        path: [...path, 'kill_timeout'],
        message: `kill_timeout of ${killTimeout} is cut to the ${toNomadDuration(most)} that the clients allow`,
      }
    const longest = job.worker?.longestTaskMs
    if (capped.length > 0 || longest === undefined) return
    const allowed = parseDurationMs(job.main.killTimeout)
    if (longest > allowed)
      yield {
        path: job.path,
        message: `a task may take ${toNomadDuration(longest)}, but on a deployment or a node drain it is killed after ${toNomadDuration(allowed)}`,
      }
  }),
}
