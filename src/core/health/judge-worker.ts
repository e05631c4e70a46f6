import type { JobView } from './job-view.ts'
import { judgeRunning } from './judge-running.ts'
import type { ServiceFacts } from './reading.ts'
import type { Verdict } from './report.ts'
import { oneLine } from './words.ts'

/**
 * How a worker group is: its allocations as Nomad has them, and its queues as the scaler tells. A group of none is
 * well while the scaler says so; whether work waits for it, nobody else knows.
 */
export function judgeWorker(view: JobView): Verdict {
  const { stored, desired, services, group } = view
  const told = tellsOf(services === undefined ? undefined : group, services !== undefined)
  const isAbsent = stored === undefined
  if (isAbsent && told.status !== 'passing') return { state: 'down', why: 'not registered in Nomad' }
  if (stored?.isStopped) return { state: 'down', why: 'stopped in Nomad' }
  if (isAbsent || desired === 0) return { state: OF_NONE[told.status], why: told.why }
  const running = judgeRunning(view)
  if (running.state !== 'healthy') return running
  const queuesAreWell = told.status === 'passing' || told.status === 'untold'
  return { state: queuesAreWell ? 'healthy' : 'degraded', why: told.why }
}

const OF_NONE = { passing: 'idle', warning: 'degraded', critical: 'down', untold: 'unknown' } as const

interface Tells {
  readonly status: 'passing' | 'warning' | 'critical' | 'untold'
  readonly why: string
}

/** What the scaler tells of a group. A check that nobody has told, or has renewed, says nothing of the queues. */
function tellsOf(group: ServiceFacts | undefined, isConsulSeen: boolean): Tells {
  const untold = (why: string): Tells => ({ status: 'untold', why: `its queues are not known: ${why}` })
  if (!isConsulSeen) return untold('Consul cannot be asked')
  const [check] = group?.checks ?? []
  if (check === undefined) return untold('no scaler has told of them')
  if (/^TTL expired/.test(check.output)) return untold('the scaler does not tell any more')
  if (check.output.trim() === '') return untold('no scaler has told of them')
  return { status: check.status, why: oneLine(check.output) }
}
