import { compact } from '../compact.ts'
import { SCALER_SERVICE } from '../consul/names.ts'
import { consulName } from '../plan/names.ts'
import type { External } from '../stack/external.ts'
import type { Job } from '../stack/stack.ts'
import { firstStart, type JobView, servicesOfJob, viewJob } from './job-view.ts'
import { judgeRegistered } from './judge-registered.ts'
import { judgeBatch, judgePeriodic } from './judge-run.ts'
import { judgeRunning } from './judge-running.ts'
import { judgeWorker } from './judge-worker.ts'
import { type NomadView, viewNomad } from './nomad-view.ts'
import type { JobFacts, PlatformReading, ServiceFacts } from './reading.ts'
import type { HealthLine, HealthReport, LineCheck, Verdict } from './report.ts'
import { checkInWords, sinceStart, worstCheck } from './waits.ts'

/** What of a stack is asked about. */
export interface HealthSubjects {
  readonly jobs: readonly Job[]
  readonly externals: readonly External[]
  readonly scaler: boolean
}

/** How each part of a stack is, by what Nomad and Consul tell together. */
export function reportHealth(
  { jobs, externals, scaler }: HealthSubjects,
  reading: PlatformReading,
): HealthReport {
  const { at } = reading
  const nomad = 'value' in reading.nomad ? viewNomad(reading.nomad.value) : undefined
  const services = 'value' in reading.consul ? reading.consul.value.services : undefined
  return {
    lines: [
      ...jobs.map((job) => (nomad ? jobLine(job, nomad, services, at) : unseenJob(job, services, at))),
      ...externals.map((one) => externalLine(one, services, at)),
      ...(scaler ? [scalerLine(services, at)] : []),
    ],
    unseen: [
      ...('cause' in reading.nomad ? [{ source: 'Nomad' as const, cause: reading.nomad.cause }] : []),
      ...('cause' in reading.consul ? [{ source: 'Consul' as const, cause: reading.consul.cause }] : []),
    ],
  }
}

function jobLine(
  job: Job,
  nomad: NomadView,
  services: readonly ServiceFacts[] | undefined,
  at: number,
): HealthLine {
  const view = (stored: JobFacts | undefined) => viewJob(job, stored, nomad, services, at)
  const own = view(nomad.job(job.name))
  const lastRun = nomad.lastRunOf(job.name)
  const run = lastRun && view(lastRun)
  const shown = job.kind === 'periodic' ? (run ?? own) : own
  const isRun = job.kind === 'batch' || job.kind === 'periodic'
  const checks = [...(own.services ?? []), ...(own.group ? [own.group] : [])].flatMap((service) =>
    checksOf(service, firstStart(service, nomad)),
  )
  const changes = [
    ...[...shown.live, ...shown.ended].map(({ changedAt }) => changedAt),
    ...checks.flatMap(({ since }) => since ?? []),
    ...(shown.stored ? [shown.stored.submittedAt] : []),
  ]
  return compact({
    name: job.name,
    kind: job.kind,
    ...verdictOf(own, run),
    ...(shown.stored === undefined || (isRun && shown.live.length === 0)
      ? {}
      : { desired: shown.desired, running: shown.running }),
    restarts: shown.live.reduce((sum, { task }) => sum + (task?.restarts ?? 0), 0),
    changedAt: changes.length === 0 ? undefined : Math.max(...changes),
    endpoints: endpointsOf(own.services ?? []),
    checks,
    waitsFor: shown.waits,
  })
}

function verdictOf(view: JobView, run: JobView | undefined): Verdict {
  if (view.job.kind === 'worker') return judgeWorker(view)
  if (view.job.kind === 'batch') return judgeBatch(view)
  return view.job.kind === 'periodic' ? judgePeriodic(view, run) : judgeRunning(view)
}

/** Without Nomad: what fails is told, what passes is not enough. */
function unseenJob(job: Job, services: readonly ServiceFacts[] | undefined, at: number): HealthLine {
  const own = services === undefined ? [] : servicesOfJob(job.name, services)
  const bad = worstCheck(own.flatMap(({ checks }) => checks).toSorted(criticalFirst))
  const isDown =
    own.length > 0 && own.every(({ checks }) => checks.some(({ status }) => status === 'critical'))
  const passes = own.length > 0 ? '; its checks pass' : ''
  return {
    name: job.name,
    kind: job.kind,
    state: bad === undefined ? 'unknown' : isDown ? 'down' : 'degraded',
    why: bad === undefined ? `Nomad cannot be asked${passes}` : checkInWords(bad, at),
    endpoints: endpointsOf(own),
    checks: own.flatMap((service) => checksOf(service)),
    waitsFor: [],
  }
}

function criticalFirst(a: { readonly status: string }, b: { readonly status: string }): number {
  return Number(b.status === 'critical') - Number(a.status === 'critical')
}

function externalLine(
  external: External,
  services: readonly ServiceFacts[] | undefined,
  at: number,
): HealthLine {
  const name = consulName(external.name)
  const own = services?.filter((one) => one.kind === 'external' && one.name === name)
  const verdict = judgeRegistered(own, 'not in Consul: drover consul sync registers it', at)
  return { name: external.name, kind: 'external', ...verdict, ...consulPart(own ?? []) }
}

function scalerLine(services: readonly ServiceFacts[] | undefined, at: number): HealthLine {
  const own = services?.filter(({ kind }) => kind === 'scaler')
  const verdict = judgeRegistered(own, 'no scaler has registered itself in Consul', at)
  return { name: SCALER_SERVICE, kind: 'scaler', ...verdict, ...consulPart(own ?? []) }
}

function consulPart(
  services: readonly ServiceFacts[],
): Pick<HealthLine, 'endpoints' | 'checks' | 'waitsFor' | 'changedAt'> {
  const checks = services.flatMap((service) => checksOf(service))
  const changes = checks.flatMap(({ since }) => since ?? [])
  return {
    ...(changes.length === 0 ? {} : { changedAt: Math.max(...changes) }),
    endpoints: endpointsOf(services),
    checks,
    waitsFor: [],
  }
}

function checksOf(service: ServiceFacts, startedAt?: number): LineCheck[] {
  return service.checks.map((check) => ({
    ...(check.status === 'passing' ? check : sinceStart(check, startedAt)),
    service: service.name,
  }))
}

function endpointsOf(services: readonly ServiceFacts[]): string[] {
  return [...new Set(services.flatMap(({ endpoint, isProxy }) => (isProxy ? [] : (endpoint ?? []))))].sort()
}
