import { NomadError } from './nomad-error.ts'

/** A capability of a namespace policy, as Nomad names it, or one of the coarse ones of this list. */
export type Capability =
  | 'read-job'
  | 'submit-job'
  | 'scale-job'
  | 'list-jobs'
  | 'alloc-lifecycle'
  | 'list-scaling-policies'
  | 'read-job-scaling'
  | 'variables-read'
  | 'variables-write'
  | 'operator'
  | 'node-read'
  | 'agent-read'

/** What a token may do, by its secret. Without any, everybody may do everything, as with ACLs switched off. */
export type Tokens = Readonly<Record<string, readonly Capability[] | 'management'>>

/** What `policy = "scale"` grants: to read a job and its allocations, but not to list jobs. */
export const SCALE_POLICY: readonly Capability[] = [
  'scale-job',
  'read-job-scaling',
  'list-scaling-policies',
  'read-job',
]

/** Throws 403 in the words that do not say whether the token is unknown, expired or too weak. */
export function checkCapability(
  tokens: Tokens | undefined,
  secret: string | undefined,
  wanted: readonly Capability[],
): void {
  if (tokens === undefined || wanted.length === 0) return
  const granted = secret === undefined ? undefined : tokens[secret]
  if (granted === 'management') return
  if (granted && wanted.some((one) => granted.includes(one))) return
  throw new NomadError(403, 'Permission denied')
}
