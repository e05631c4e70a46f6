import { parseDurationMs, toNomadDuration } from '../units.ts'
import type { ImportContext } from './context.ts'
import { present, type StackMap } from './tree.ts'

/** Nomad's own limit, where the clients set none. */
const DEFAULT_KILL_MS = 30_000
/** What Drover adds to the longest task before it kills a worker. */
const MARGIN_MS = 60_000

/** What the stack must know of the cluster and compose files do not say: assumptions, told as such. */
export function importCluster(
  context: ImportContext,
  jobs: readonly { readonly path: readonly (string | number)[]; readonly job: StackMap }[],
  needsPrices: boolean,
): StackMap {
  const kill = Math.max(DEFAULT_KILL_MS, ...jobs.map(({ job }) => killMs(job)))
  const longest = kill > DEFAULT_KILL_MS ? toNomadDuration(kill) : undefined
  const networks = new Set(jobs.flatMap(({ job }) => hostNetworksOf(job)))
  const mountsHost = jobs.some(({ job }) => JSON.stringify(job.volumes ?? []).includes('"host":'))
  context.comments.push({
    path: ['cluster', 'nodes'],
    text: 'An assumption: one node, like compose. Volumes may be shared, and a service is reached at the address\nof its allocation, so nothing but the published ports is open.',
  })
  context.assumptions.push(
    'One node, like compose (`cluster.nodes: one`, `addresses: allocation`). With `many` give the volumes a kind that moves.',
    'The scheduler allows memory oversubscription, so that limits above reservations count (`cluster.memory_oversubscription`).',
  )
  if (networks.size > 0)
    context.assumptions.push(
      `The clients define the host_network ${[...networks].join(', ')}, for ports that compose binds to one address.`,
    )
  if (mountsHost)
    context.assumptions.push("The clients' docker plugin allows host paths (`volumes { enabled = true }`).")
  if (longest !== undefined) {
    context.comments.push({
      path: ['cluster', 'max_kill_timeout'],
      text: 'For the longest task or grace period; the clients must allow it.',
    })
    context.assumptions.push(`The clients allow a kill timeout of ${longest} (\`max_kill_timeout\`).`)
  }
  return present({
    nodes: 'one',
    addresses: 'allocation',
    cpu_mhz_per_core: 2500,
    memory_oversubscription: true,
    max_kill_timeout: longest,
    host_networks: [...networks],
    docker_volumes: mountsHost || undefined,
    prices: needsPrices ? { currency: 'USD', core_hour: 0.0335, gb_hour: 0.0045 } : undefined,
  })
}

function killMs(job: StackMap): number {
  const celery = job.celery as StackMap | undefined
  const limit = typeof celery?.time_limit === 'string' ? parseDurationMs(celery.time_limit) + MARGIN_MS : 0
  return Math.max(limit, typeof job.kill_timeout === 'string' ? parseDurationMs(job.kill_timeout) : 0)
}

/** host_network names that published ports need. */
function hostNetworksOf(job: StackMap): string[] {
  return Object.values((job.ports ?? {}) as StackMap).flatMap((port) => {
    const publish = typeof port === 'object' && port !== null ? (port as StackMap).publish : undefined
    const [address] = typeof publish === 'string' ? publish.split(':') : []
    if (address === undefined) return []
    return [address.startsWith('127.') ? 'loopback' : address]
  })
}
