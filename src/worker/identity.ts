import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Heartbeat } from '../worker-protocol.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Who this worker is, by what Nomad puts into the environment of a task. */
export function identity(
  env: Env,
  id: string | undefined,
): Pick<Heartbeat, 'id' | 'namespace' | 'job' | 'group' | 'node' | 'pid'> {
  const { NOMAD_ALLOC_ID, NOMAD_NAMESPACE, NOMAD_JOB_ID, NOMAD_GROUP_NAME } = env
  return {
    id: id ?? NOMAD_ALLOC_ID ?? `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`,
    ...(NOMAD_NAMESPACE ? { namespace: NOMAD_NAMESPACE } : {}),
    ...(NOMAD_JOB_ID ? { job: NOMAD_JOB_ID } : {}),
    ...(NOMAD_GROUP_NAME ? { group: NOMAD_GROUP_NAME } : {}),
    node: hostname(),
    pid: process.pid,
  }
}
