import { parseDurationMs } from '../units.ts'
import { allocationIdOf, isComingUp, isInConsul, isRunning, type JobView } from './job-view.ts'
import type { ServiceFacts } from './reading.ts'
import type { Verdict } from './report.ts'
import { checkInWords, sinceStart, waitsInWords, worstCheck } from './waits.ts'
import { oneLine, span } from './words.ts'

/** How a job is whose allocations should run all the time. */
export function judgeRunning(view: JobView): Verdict {
  const { job, stored, desired, running } = view
  if (stored === undefined) return { state: 'down', why: 'not registered in Nomad' }
  if (stored.isStopped) return { state: 'down', why: 'stopped in Nomad' }
  if (desired === 0) {
    if (job.kind === 'system') return { state: 'down', why: 'no node takes it' }
    return job.count === 0 ? { state: 'idle' } : { state: 'down', why: 'its count in Nomad is 0' }
  }
  return running < desired ? judgeLacking(view) : judgeChecks(view)
}

function judgeLacking(view: JobView): Verdict {
  const { waits, unplaced, live, ended, running, at } = view
  const stuck = running > 0 ? 'degraded' : undefined
  if (waits.length > 0) return { state: stuck ?? 'waiting', why: waitsInWords(waits, at) }
  if (unplaced !== undefined) return { state: stuck ?? 'down', why: unplaced }
  const trouble = [...live, ...ended].find((one) => !isRunning(one) && one.trouble !== undefined)?.trouble
  if (trouble !== undefined) return { state: stuck ?? 'down', why: oneLine(trouble) }
  const [away] = live.filter(({ clientStatus }) => clientStatus === 'unknown' || clientStatus === 'lost')
  if (away) return { state: stuck ?? 'down', why: 'its node does not answer Nomad' }
  return { state: 'starting' }
}

/** All of it runs. */
function judgeChecks(view: JobView): Verdict {
  const { services, live, stored, job, at } = view
  if (!isInConsul(view)) return judgeUnchecked(view)
  if (services === undefined) return { state: 'unknown', why: 'Consul cannot be asked for its checks' }
  const newest = Math.max(...live.map(({ task }) => task?.startedAt ?? at))
  if (services.length === 0)
    return at - newest < REGISTERED_WITHIN_MS
      ? { state: 'starting', why: 'not in Consul yet' }
      : { state: 'unknown', why: 'not in Consul, or the token may not read it' }
  const failing = services.filter(({ checks }) => worstCheck(checks) !== undefined)
  const [first] = [...failing].sort((a, b) => rank(a) - rank(b))
  const check = first && worstCheck(first.checks)
  if (first === undefined || check === undefined) return judgeUnchecked(view)
  const allocation = live.find(({ id }) => id === allocationIdOf(first))
  const comingUp = allocation !== undefined && isComingUp(allocation, stored)
  const why = checkInWords(sinceStart(check, comingUp ? allocation.task?.startedAt : undefined), at)
  if (check.status === 'warning') return { state: 'degraded', why }
  const isYoung = allocation?.isHealthy === undefined && at - newest < graceOf(view)
  if (comingUp || isYoung) return { state: 'starting', why }
  return { state: servesAtAll(services) ? 'degraded' : 'down', why: why || job.name }
}

const REGISTERED_WITHIN_MS = 30_000

function rank({ checks }: ServiceFacts): number {
  return worstCheck(checks)?.status === 'critical' ? 0 : 1
}

/** Whether of each service that fails somewhere another allocation passes. */
function servesAtAll(services: readonly ServiceFacts[]): boolean {
  const serves = new Map<string, boolean>()
  for (const { name, checks } of services) {
    const passes = !checks.some(({ status }) => status === 'critical')
    serves.set(name, passes || serves.get(name) === true)
  }
  return [...serves.values()].every(Boolean)
}

/** How long the stack lets its checks fail after a start. */
function graceOf({ job }: JobView): number {
  return Math.max(0, ...job.checks.map(({ grace }) => parseDurationMs(grace)))
}

/** No check fails. Where none looks, the deployment does, for a while. */
function judgeUnchecked({ live, stored, job, at, services }: JobView): Verdict {
  const given = live.find(({ isHealthy }) => isHealthy === false)
  if (given) return { state: 'degraded', why: "Nomad's deployment gave it up as not healthy" }
  const hasChecks = services?.some(({ checks }) => checks.length > 0) === true
  if (job.checks.length > 0 && !hasChecks && services !== undefined)
    return { state: 'starting', why: 'its checks are not in Consul yet' }
  const [young] = live.filter((one) => isComingUp(one, stored))
  if (hasChecks || young === undefined) return { state: 'healthy' }
  const since = young.task?.startedAt
  return {
    state: 'starting',
    why: `runs${since === undefined ? '' : ` since ${span(at - since)}`}; Nomad looks whether it stays`,
  }
}
