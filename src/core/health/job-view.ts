import { hasService } from '../plan/names.ts'
import type { Job } from '../stack/stack.ts'
import type { NomadView } from './nomad-view.ts'
import type { AllocationFacts, JobFacts, ServiceFacts } from './reading.ts'
import type { Wait } from './report.ts'
import { waitsOf } from './waits.ts'

/** All that is known of one job. */
export interface JobView {
  readonly job: Job
  readonly stored?: JobFacts
  /** Those that should run and are not over, nor replaced by others. */
  readonly live: readonly AllocationFacts[]
  /** Over, of the job as it is now, and not replaced. */
  readonly ended: readonly AllocationFacts[]
  readonly desired: number
  readonly running: number
  readonly unplaced?: string
  readonly waits: readonly Wait[]
  /** Of its allocations; undefined when Consul cannot be asked. */
  readonly services: readonly ServiceFacts[] | undefined
  /** Of a worker group as a whole, which the scaler tells. */
  readonly group?: ServiceFacts
  readonly at: number
}

/** Whether Consul should have anything of its allocations. */
export function isInConsul({ job }: JobView): boolean {
  return hasService(job)
}

/**
 * @param stored the job, or the run of it that is asked about; undefined when Nomad has none
 * @param services undefined when Consul cannot be asked
 */
export function viewJob(
  job: Job,
  stored: JobFacts | undefined,
  nomad: NomadView,
  services: readonly ServiceFacts[] | undefined,
  at: number,
): JobView {
  const id = stored?.id ?? job.name
  const own = nomad.allocationsOf(id).filter((one) => !one.isReplaced && one.desiredStatus === 'run')
  const live = own.filter(({ clientStatus }) => clientStatus !== 'complete' && clientStatus !== 'failed')
  const ended = own.filter((one) => !live.includes(one) && one.jobVersion === stored?.version)
  // An allocation that has done its work counts until the count is changed.
  const gone = ended.filter(({ clientStatus }) => clientStatus === 'complete').length
  const isEverywhere = job.kind === 'system'
  const group = services?.find((one) => one.kind === 'group' && one.job === job.name)
  const unplaced = nomad.unplacedOf(id)
  return {
    job,
    ...(stored === undefined ? {} : { stored }),
    live,
    ended,
    desired: isEverywhere ? live.length : Math.max(0, (stored?.count ?? 0) - gone),
    running: live.filter(isRunning).length,
    ...(unplaced === undefined ? {} : { unplaced }),
    waits: waitsOf(live, services, (service) => firstStart(service, nomad)),
    services: services && servicesOfJob(job.name, services),
    ...(group === undefined ? {} : { group }),
    at,
  }
}

export function servicesOfJob(job: string, services: readonly ServiceFacts[]): ServiceFacts[] {
  return services.filter((one) => one.job === job && !isOwnRegistration(one))
}

function isOwnRegistration({ kind }: ServiceFacts): boolean {
  return kind === 'group' || kind === 'external' || kind === 'scaler'
}

/** Nomad calls an allocation running when any of its tasks has started; its main task counts here. */
export function isRunning({ clientStatus, task }: AllocationFacts): boolean {
  return clientStatus === 'running' && task?.state === 'running'
}

/** The ID of the allocation that a service of Nomad's is of. */
export function allocationIdOf({ id }: ServiceFacts): string {
  return /^_nomad-task-([0-9a-f-]{36})-/.exec(id)?.[1] ?? ''
}

/** When the task behind a service started, if it has not been healthy yet. */
export function firstStart(service: ServiceFacts, nomad: NomadView): number | undefined {
  const allocation = nomad.allocation(allocationIdOf(service))
  return allocation && isComingUp(allocation, nomad.job(allocation.job))
    ? allocation.task?.startedAt
    : undefined
}

/** Whether a deployment still looks at whether it will be healthy. Only a deployment tells that it never was. */
export function isComingUp({ isHealthy, jobVersion }: AllocationFacts, job: JobFacts | undefined): boolean {
  return isHealthy === undefined && job?.deployedVersion === jobVersion
}
