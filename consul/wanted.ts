import { groupServiceName, registrationId, SCALER_SERVICE } from '../src/core/consul/names.ts'
import { consulName } from '../src/core/plan/names.ts'
import { isWanted } from '../src/core/plan/plan-jobs.ts'
import { type GroupRef, groupName } from '../src/core/scaling/group-ref.ts'
import type { External } from '../src/core/stack/external.ts'
import type { Job, Stack } from '../src/core/stack/stack.ts'
import { marked, type RegisteredCheck, type Registration } from './registration.ts'
import { DEREGISTER_AFTER, RENEWED, SCALER_CHECK, TTL } from './times.ts'

/** Consul refuses a value of `meta` that is longer. */
const LONGEST_VALUE = 512

/** A worker group as far as its registration goes. */
export interface GroupIdentity {
  readonly group: GroupRef
  readonly queues: readonly string[]
  /** Where its policy was read. */
  readonly origin: 'stack' | 'nomad'
}

/** The scaler's own HTTP API, as Consul's agent reaches it. */
export interface ScalerIdentity {
  /** Unique among the scalers of a stack and the same after a restart, such as the host's name. */
  readonly id: string
  readonly host: string
  readonly port: number
  readonly protocol: 'http' | 'https'
  readonly version: string
}

/** What the stack needs that runs elsewhere. */
export function wantedExternals(stack: Stack): Registration[] {
  return stack.external.map((one) => external(stack.name, one))
}

function external(stack: string, one: External): Registration {
  const id = registrationId(stack, 'external', one.name)
  const { tier } = one.meta
  return marked(stack, {
    id,
    name: consulName(one.name),
    kind: 'external',
    address: one.host,
    port: one.port,
    tags: tagsOf(stack, 'external', tier, one.tags),
    meta: described({ stack, kind: 'external', ...one.meta }, one.description),
    checks: one.checks.map(
      ({ name, interval, timeout, retries, ...check }): RegisteredCheck => ({
        id: `${id}:${name}`,
        name,
        interval,
        timeout,
        retries,
        ...(check.type === 'http'
          ? { type: 'http', url: urlOf(one, check.httpPath), method: check.method }
          : { type: 'tcp', target: hostPort(one.host, one.port) }),
      }),
    ),
  })
}

/** The worker groups that the stack itself has, with these profiles. */
export function groupsOf(stack: Stack, profiles: readonly string[] = []): GroupIdentity[] {
  const { namespace } = stack.cluster
  return stack.jobs
    .filter((job) => isWanted(job, profiles))
    .flatMap(({ name, worker }): GroupIdentity[] =>
      worker === undefined
        ? []
        : [{ group: { namespace, job: name, group: name }, queues: worker.queues, origin: 'stack' }],
    )
}

/** One worker group as a whole: a service without an address, with the state that the scaler tells. */
export function wantedGroup(stack: Stack, { group, queues, origin }: GroupIdentity): Registration {
  const job = stack.jobs.find(({ name, worker }) => name === group.job && worker !== undefined)
  const id = registrationId(stack.name, 'group', groupName(group))
  const own = group.job === group.group ? group.job : `${group.job}-${group.group}`
  const { namespace } = group
  const tier = job?.meta.tier
  return marked(stack.name, {
    id,
    name: groupServiceName(own),
    kind: 'group',
    tags: tagsOf(stack.name, 'group', tier, job?.tags ?? []),
    meta: described(
      {
        stack: stack.name,
        kind: 'group',
        job: group.job,
        ...(namespace === 'default' ? {} : { namespace }),
        queues: queues.join(', ').slice(0, LONGEST_VALUE),
        origin,
        ...(tier === undefined ? {} : { tier }),
        ...linksOf(job),
      },
      job?.description,
    ),
    checks: [ttlCheck(stateCheckId(id), 'queues')],
  })
}

/** The scaler itself: whether its API answers, and whether it works. */
export function wantedScaler(stack: string, scaler: ScalerIdentity): Registration {
  const id = registrationId(stack, 'scaler', scaler.id)
  const { host, port, protocol, version } = scaler
  const url = `${protocol}://${hostPort(host, port)}`
  return marked(stack, {
    id,
    name: SCALER_SERVICE,
    kind: 'scaler',
    address: host,
    port,
    tags: [stack, 'scaler'],
    meta: { stack, kind: 'scaler', version, link_api: url },
    checks: [
      {
        id: `${id}:ready`,
        name: 'ready',
        type: 'http',
        url: `${url}/health/ready`,
        method: 'GET',
        ...SCALER_CHECK,
      },
      ttlCheck(stateCheckId(id), 'state'),
    ],
  })
}

/** The check of a registration that Drover writes itself. */
export function stateCheckId(registration: string): string {
  return `${registration}:state`
}

function ttlCheck(id: string, name: string): RegisteredCheck {
  return {
    id,
    name,
    type: 'ttl',
    ttl: TTL,
    notes: `Told by the scaler at every change and every ${RENEWED}.`,
    deregisterAfter: DEREGISTER_AFTER,
  }
}

function tagsOf(stack: string, kind: string, tier: string | undefined, own: readonly string[]): string[] {
  return [...new Set([stack, kind, ...(tier === undefined ? [] : [tier]), ...own])]
}

function described(meta: Record<string, string>, description: string | undefined): Record<string, string> {
  return description === undefined ? meta : { ...meta, description: description.slice(0, LONGEST_VALUE) }
}

function linksOf(job: Job | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(job?.meta ?? {}).filter(([key]) => key.startsWith('link_')))
}

function urlOf({ protocol, host, port }: External, path: string): string {
  return `${protocol}://${hostPort(host, port)}${path}`
}

function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
