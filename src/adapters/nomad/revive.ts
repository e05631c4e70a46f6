import type { GroupRef } from '../../core/scaling/group-ref.ts'
import type { Attempts } from './attempts.ts'
import type { NomadHttp } from './client.ts'
import { NomadError } from './failure.ts'
import { type NomadJob, readJob, registerJob } from './jobs.ts'

/**
 * Registers a job that Nomad has collected again, as it is rendered now, with this count for the group. With the job
 * its versions and their tags are gone, so that Nomad itself has nothing to register from. Never over a job that is
 * there: Nomad refuses that by the modify index 0.
 */
export async function reviveJob(
  http: NomadHttp,
  request: {
    readonly group: GroupRef
    readonly count: number
    readonly rendered: (group: GroupRef) => Promise<NomadJob | undefined>
  },
  { leftMs, mayBeDone }: Attempts,
): Promise<{ jobModifyIndex: number; evaluation?: string }> {
  const { group, count } = request
  const there = await readJob(http, group, leftMs())
  if (there !== undefined) {
    const own = there.TaskGroups.find(({ Name }) => Name === group.group)
    // An attempt without an answer went through: nobody else has touched it since.
    if (mayBeDone() && there.Version === 0 && !there.Stop && own?.Count === count)
      return { jobModifyIndex: there.JobModifyIndex }
    if (there.Stop) throw refusal('job-stopped', `somebody stopped the job ${group.job}`)
    throw refusal('stale-index', `Nomad has the job ${group.job}: there is nothing to register again`)
  }
  const job = await request.rendered(group)
  if (job === undefined)
    throw refusal(
      'job-missing',
      `Nomad does not have the job ${group.job} any more, and Drover does not render it: register it again`,
    )
  if (!job.TaskGroups.some(({ Name }) => Name === group.group))
    throw refusal('group-missing', `the rendered job ${group.job} has no group ${group.group}`)
  return registerJob(http, {
    job: {
      ...job,
      Namespace: group.namespace,
      TaskGroups: job.TaskGroups.map((one) => (one.Name === group.group ? { ...one, Count: count } : one)),
    },
    enforceIndex: 0,
    timeoutMs: leftMs(),
  })
}

function refusal(kind: 'job-stopped' | 'stale-index' | 'job-missing' | 'group-missing', message: string) {
  return new NomadError({ refusal: kind, message, mayBeDone: false })
}
