import { toApiJob } from '../../core/spec/api-json.ts'
import { blockTree } from './job-tree.ts'
import { readHcl } from './read-hcl.ts'
import { HclError } from './syntax.ts'

/**
 * The job that Nomad's parser makes of a job file of literals, as all that Drover renders are; defaults are not filled
 * in. Throws HclError for what Nomad refuses, HclNotEmulated for what has to be computed.
 */
export function parseJob(hcl: string): Readonly<Record<string, unknown>> {
  const { attributes, blocks } = readHcl(hcl)
  const [job, second] = blocks
  const [stray] = attributes
  if (stray)
    throw new HclError(
      `Unsupported argument; An argument named "${stray.key}" is not expected here.`,
      stray.at,
    )
  if (job === undefined || job.type !== 'job' || job.labels.length !== 1)
    throw new HclError('Missing job block; A job block is required', job?.at ?? { line: 1, column: 1 })
  if (second) throw new HclError('Duplicate job block; Only one job block is allowed', second.at)
  return toApiJob({ ...blockTree('job', job.body), id: job.labels[0] ?? '' })
}
