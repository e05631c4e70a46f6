import { compact } from '../compact.ts'
import type { NetworkSpec, PortSpec, ServiceSpec } from '../spec/jobspec.ts'
import { serviceReferences } from '../stack/references.ts'
import type { Cluster, Job, Port, Stack } from '../stack/stack.ts'
import { homeNetwork } from './isolation.ts'
import { findPort, portLabel, publishedLabel } from './names.ts'

/** How the tasks of a job reach the network. */
export type Attachment = 'bridge' | 'host' | 'none' | 'docker'

/** Only container drivers can live in a network name space of their own with mapped ports. */
export function attachmentOf(job: Job, cluster: Cluster): Attachment {
  if (job.networks.length === 0) return 'none'
  if (job.main.driver === 'raw_exec') return 'host'
  if (cluster.isolation === 'docker' && job.main.driver === 'docker') return 'docker'
  return 'bridge'
}

/** Whether the tasks of a job are in one network name space of their own. */
export function sharesNetwork(job: Job, cluster: Cluster): boolean {
  const attachment = attachmentOf(job, cluster)
  return attachment === 'bridge' || attachment === 'none'
}

/** What one port of a job becomes. */
export interface PortPlan {
  /** Labels and ports of the network block. */
  readonly labels: Readonly<Record<string, PortSpec>>
  /** Labels that the docker driver must map by itself. */
  readonly mapped: readonly string[]
  /** What the service and its checks are registered with. */
  readonly address: Pick<ServiceSpec, 'port' | 'address_mode'>
}

/**
 * A port has up to two ports of the node: a published one, and one that Nomad chooses where others dial the
 * node's address. Where the allocation has an address that its callers reach, nothing is opened for them.
 */
export function planPort(stack: Stack, job: Job, port: Port): PortPlan {
  const { cluster } = stack
  const attachment = attachmentOf(job, cluster)
  const label = portLabel(port)
  const { container, publish } = port
  if (attachment === 'none') return { labels: {}, mapped: [], address: {} }
  // Nothing maps ports here: the program itself listens on the node.
  if (attachment === 'host')
    return { labels: { [label]: { static: container } }, mapped: [], address: { port: label } }
  const onLoopback = publish?.hostNetwork !== undefined
  const extra: Record<string, PortSpec> = onLoopback
    ? { [publishedLabel(port)]: { static: publish.port, to: container, host_network: publish.hostNetwork } }
    : {}
  const isOpen = publish !== undefined && !onLoopback
  const own: PortSpec = isOpen ? { static: publish.port, to: container } : { to: container }
  if (attachment === 'docker') {
    const crossed = isOpen || isDialledAcross(stack, job, port)
    return {
      labels: { [label]: own, ...extra },
      mapped: [...(crossed ? [label] : []), ...Object.keys(extra)],
      address: { port: label, address_mode: crossed ? 'host' : 'driver' },
    }
  }
  if (cluster.addresses === 'host' && cluster.isolation !== 'intentions')
    return { labels: { [label]: own, ...extra }, mapped: [], address: { port: label } }
  return {
    labels: isOpen ? { [label]: own } : extra,
    mapped: [],
    address: { port: String(container), address_mode: 'alloc' },
  }
}

/** The network block of a job's group; undefined when Nomad's default, the host's network, is right. */
export function planNetwork(stack: Stack, job: Job): NetworkSpec | undefined {
  const attachment = attachmentOf(job, stack.cluster)
  const port = Object.assign({}, ...job.ports.map((each) => planPort(stack, job, each).labels)) as Record<
    string,
    PortSpec
  >
  const isHost = attachment === 'docker' || attachment === 'host'
  if (isHost) return Object.keys(port).length > 0 ? { port } : undefined
  return compact({
    mode: attachment,
    hostname: job.main.hostname,
    port: Object.keys(port).length > 0 ? port : undefined,
  })
}

/** Whether a job of another docker network asks for this port's address. */
function isDialledAcross(stack: Stack, job: Job, port: Port): boolean {
  return stack.jobs.some(
    (caller) =>
      homeNetwork(caller) !== homeNetwork(job) &&
      serviceReferences(caller).some(
        ({ reference }) => reference.service === job.name && findPort(job, reference.port) === port,
      ),
  )
}
