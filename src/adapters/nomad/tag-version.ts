import type { GroupRef } from '../../core/scaling/group-ref.ts'
import { z } from '../../core/zod.ts'
import type { Attempts } from './attempts.ts'
import type { NomadHttp } from './client.ts'
import { NomadError } from './failure.ts'
import { jobPath, listVersions } from './jobs.ts'

/** Tags that start so are Drover's own. */
export const TAG_PREFIX = 'drover-'
/** So many deploys stay within reach; older tags of Drover's are taken away. */
const KEPT = 5

/**
 * Tags a version, so that Nomad keeps it. Refused for the present version: every scale would hand the tag on to the
 * version that it makes, and Nomad would keep them all, for ever.
 */
export async function tagVersion(
  http: NomadHttp,
  request: {
    readonly group: GroupRef
    readonly version: number
    readonly name: string
    readonly description: string
  },
  { leftMs }: Attempts,
): Promise<Record<string, never>> {
  const { group, version, name, description } = request
  const versions = await listVersions(http, group)
  const wanted = versions.find((one) => one.version === version)
  if (wanted === undefined)
    throw invalid(`Nomad does not have version ${version} of the job ${group.job} any more`)
  if (wanted === versions[0])
    throw invalid(`version ${version} of the job ${group.job} is the present one: tag it after the next`)
  if (wanted.tag === name) return {}
  const params = { namespace: group.namespace }
  await http.call({
    method: 'PUT',
    path: tagPath(group, name),
    params,
    body: { Version: version, Description: description },
    schema: z.unknown(),
    timeoutMs: leftMs(),
  })
  const older = versions.flatMap((one) => (one.tag?.startsWith(TAG_PREFIX) ? [one.tag] : []))
  for (const tag of [...new Set(older)].slice(KEPT - 1))
    await http.call({
      method: 'DELETE',
      path: tagPath(group, tag),
      params,
      schema: z.unknown(),
      timeoutMs: leftMs(),
    })
  return {}
}

function tagPath(group: GroupRef, name: string): string {
  return `${jobPath(group.job)}/versions/${encodeURIComponent(name)}/tag`
}

function invalid(message: string): NomadError {
  return new NomadError({ refusal: 'invalid', message, mayBeDone: false })
}
