import type { NetworkSpec, PortSpec } from '../spec/jobspec.ts'
import type { Cluster, Job } from '../stack/stack.ts'
import { portLabel, publishedLabel } from './names.ts'

/** How the tasks of a job reach the network. */
export type Attachment = 'bridge' | 'host' | 'none' | 'docker'

/** Only container drivers can live in a network name space of their own with mapped ports. */
export function attachmentOf(job: Job, cluster: Cluster): Attachment {
  if (job.networks.length === 0) return 'none'
  if (job.main.driver === 'raw_exec') return 'host'
  if (cluster.isolation === 'docker' && job.main.driver === 'docker') return 'docker'
  return 'bridge'
}

/** The network block of a job's group; undefined when Nomad's default, the host's network, is right. */
export function planNetwork(job: Job, cluster: Cluster): NetworkSpec | undefined {
  const attachment = attachmentOf(job, cluster)
  const port: Record<string, PortSpec> = {}
  for (const planned of job.ports) {
    const { container, publish } = planned
    const to = attachment === 'host' ? {} : { to: container }
    if (publish && publish.hostNetwork === undefined) port[portLabel(planned)] = { static: publish.port, ...to }
    else if (needsNodePort(attachment, cluster)) port[portLabel(planned)] = attachment === 'host' ? { static: container } : to
    if (publish?.hostNetwork !== undefined)
      port[publishedLabel(planned)] = { static: publish.port, ...to, host_network: publish.hostNetwork }
  }
  const mode = attachment === 'docker' ? 'host' : attachment
  if (mode === 'host' && Object.keys(port).length === 0) return undefined
  return Object.keys(port).length === 0 ? { mode } : { mode, port }
}

/**
 * Whether a port gets a port of the node beside the published one, so that other nodes can dial it. With
 * `addresses: allocation` Consul hands out the allocation's own address and nothing is opened.
 */
export function needsNodePort(attachment: Attachment, cluster: Cluster): boolean {
  return attachment !== 'none' && (attachment === 'host' || cluster.addresses === 'host')
}
