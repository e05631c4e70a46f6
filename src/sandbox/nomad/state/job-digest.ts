import type { Job, TaskGroup } from './types.ts'

/** Equal for two jobs of the same specification: a registration of an equal one makes no new version. */
export function jobDigest(job: Job): string {
  const {
    Status: _status,
    StatusDescription: _description,
    Stable: _stable,
    Version: _version,
    VersionTag: _tag,
    CreateIndex: _created,
    ModifyIndex: _modified,
    JobModifyIndex: _specified,
    SubmitTime: _submitted,
    TaskGroups,
    ...rest
  } = job
  const groups = TaskGroups.map(({ Scaling, ...group }) => ({
    ...group,
    Scaling: Scaling && scalingOf(Scaling),
  }))
  return stable({ ...rest, TaskGroups: groups })
}

function scalingOf({ Min, Max, Enabled, Policy, Type }: NonNullable<TaskGroup['Scaling']>): unknown {
  return { Min, Max, Enabled, Policy, Type }
}

/** Equal for two versions of a group when its allocations can be carried over from one to the other as they run. */
export function tasksDigest(job: Job, group: TaskGroup): string {
  const tasks = group.Tasks.map((task) => [
    task.Name,
    task.Driver,
    task.User,
    task.Config,
    task.Env,
    task.Artifacts,
    task.Vault,
    task.Templates,
    task.VolumeMounts,
    task.Resources,
    task.Lifecycle,
    task.Affinities,
    { ...job.Meta, ...group.Meta, ...task.Meta },
  ])
  const { Networks, Volumes, EphemeralDisk, Affinities, Spreads } = group
  return stable([tasks, Networks, Volumes, EphemeralDisk, Affinities, Spreads])
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}
