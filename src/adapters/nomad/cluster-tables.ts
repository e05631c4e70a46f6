import { type GroupRef, groupKey } from '../../core/scaling/group-ref.ts'
import type { ClusterGroup, ScalableGroup } from '../../ports.ts'
import type { AllocationRecord, DeploymentRecord, JobRecord } from './cluster-records.ts'

/** The jobs and allocations of a cluster, as far as scaling needs them. */
export interface ClusterTables {
  job(namespace: string, id: string): JobRecord | undefined
  /** Each returns the groups that changed. What is older than what is known changes nothing. */
  putJob(job: JobRecord): readonly GroupRef[]
  deleteJob(namespace: string, id: string, index: number): readonly GroupRef[]
  /** @param planned whether the scheduler has just placed it, or brought it up to the present version of its job */
  putAllocation(record: AllocationRecord, planned: boolean): readonly GroupRef[]
  putDeployment(record: DeploymentRecord): readonly GroupRef[]
  /** The same object for as long as nothing of it changes. */
  group(ref: GroupRef): ClusterGroup | undefined
  taskOf(ref: GroupRef): string | undefined
  refs(): readonly GroupRef[]
  scalable(): readonly ScalableGroup[]
  /** Another after each change of what jobs there are, and of their scaling blocks. */
  edition(): number
}

export function createTables(): ClusterTables {
  const jobs = new Map<string, JobRecord>()
  const allocations = new Map<string, Map<string, AllocationRecord>>()
  const deployments = new Map<string, Set<string>>()

  /** What group() has answered, the same object until it changes. */
  const views = new Map<string, ClusterGroup>()
  let edition = 0

  const changed = (groups: readonly GroupRef[]): readonly GroupRef[] => {
    for (const group of groups) views.delete(groupKey(group))
    return groups
  }
  const find = ({ namespace, job }: { namespace: string; job: string }) => jobs.get(jobKey(namespace, job))

  return {
    job: (namespace, id) => jobs.get(jobKey(namespace, id)),
    putJob(job) {
      const key = jobKey(job.namespace, job.id)
      const before = jobs.get(key)
      if (before && before.index > job.index) return []
      jobs.set(key, job)
      const isSame = before && before.version === job.version && before.isStopped === job.isStopped
      if (!isSame && shapeOf(before) !== shapeOf(job)) edition += 1
      for (const ref of refsOf(job)) prune(allocations.get(groupKey(ref)), job.version)
      const gone = before ? refsOf(before).filter(({ group }) => !job.groups.has(group)) : []
      return changed([...refsOf(job), ...gone])
    },
    deleteJob(namespace, id, index) {
      const key = jobKey(namespace, id)
      const before = jobs.get(key)
      if (!before || before.index > index) return []
      jobs.delete(key)
      edition += 1
      deployments.delete(key)
      const groups = refsOf(before)
      for (const ref of groups) allocations.delete(groupKey(ref))
      return changed(groups)
    },
    putAllocation(record, planned) {
      const { namespace, job, group } = record
      const ref = { namespace, job, group }
      const present = find(ref)?.version
      const key = groupKey(ref)
      const own = allocations.get(key) ?? new Map<string, AllocationRecord>()
      const before = own.get(record.id)
      if (before && before.modifyIndex > record.modifyIndex) return []
      // Events do not tell the version of the job: the scheduler brings what lives up to the present one.
      const jobVersion = record.jobVersion ?? (planned ? present : (before?.jobVersion ?? present)) ?? 0
      if (isKept({ ...record, jobVersion }, present)) own.set(record.id, { ...record, jobVersion })
      else own.delete(record.id)
      if (own.size > 0) allocations.set(key, own)
      else allocations.delete(key)
      return changed([ref])
    },
    putDeployment({ id, namespace, job, isActive }) {
      const key = jobKey(namespace, job)
      const active = deployments.get(key) ?? new Set<string>()
      if (active.has(id) === isActive) return []
      if (isActive) active.add(id)
      else active.delete(id)
      if (active.size > 0) deployments.set(key, active)
      else deployments.delete(key)
      const found = jobs.get(key)
      return changed(found ? refsOf(found) : [])
    },
    group(ref) {
      const view = views.get(groupKey(ref))
      if (view) return view
      const job = find(ref)
      const group = job?.groups.get(ref.group)
      if (!job || !group) return undefined
      const made: ClusterGroup = {
        job: job.isStopped ? 'stopped' : 'present',
        jobType: job.type,
        count: group.count,
        jobModifyIndex: job.jobModifyIndex,
        jobVersion: job.version,
        deploymentActive: deployments.has(jobKey(ref.namespace, ref.job)),
        allocations: [...(allocations.get(groupKey(ref))?.values() ?? [])].map(stateOf),
      }
      views.set(groupKey(ref), made)
      return made
    },
    taskOf: (ref) => find(ref)?.groups.get(ref.group)?.task,
    edition: () => edition,
    refs: () => [...jobs.values()].flatMap(refsOf),
    scalable: () =>
      [...jobs.values()].flatMap((job) =>
        [...job.groups].flatMap(([group, { scaling }]) =>
          scaling
            ? {
                group: { namespace: job.namespace, job: job.id, group },
                jobType: job.type,
                ...scaling,
                meta: job.meta,
              }
            : [],
        ),
      ),
  }
}

function jobKey(namespace: string, job: string): string {
  return `${namespace}/${job}`
}

function refsOf(job: JobRecord): GroupRef[] {
  return [...job.groups.keys()].map((group) => ({ namespace: job.namespace, job: job.id, group }))
}

/** What of a job decides whether and how it is scaled, whatever its counts. */
function shapeOf(job: JobRecord | undefined): string {
  if (job === undefined) return ''
  const groups = [...job.groups].map(([name, { task, scaling }]) => [name, task, scaling])
  return JSON.stringify([job.type, job.isStopped, job.meta, groups])
}

/**
 * What lives is kept, and of what does not: complete ones of the present version, which Nomad counts as done and does
 * not replace, and failed ones that it has yet to replace.
 */
function isKept(record: AllocationRecord, present: number | undefined): boolean {
  const { clientStatus, desiredStatus, isReplaced, jobVersion } = record
  if (clientStatus === 'pending' || clientStatus === 'running' || clientStatus === 'unknown') return true
  if (isReplaced || (present !== undefined && jobVersion !== present)) return false
  return clientStatus === 'complete' || desiredStatus === 'run'
}

function prune(own: Map<string, AllocationRecord> | undefined, present: number): void {
  for (const record of own?.values() ?? []) if (!isKept(record, present)) own?.delete(record.id)
}

function stateOf(record: AllocationRecord): ClusterGroup['allocations'][number] {
  const { namespace, job, group, modifyIndex, plannedIndex, jobVersion = 0, ...state } = record
  return { ...state, jobVersion }
}
