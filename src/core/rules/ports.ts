import type { DocumentPath } from '../issue.ts'
import { portLabel, publishedLabel } from '../plan/names.ts'
import { attachmentOf } from '../plan/plan-network.ts'
import type { Cluster, Job } from '../stack/stack.ts'
import { forEachJob, type Rule } from './rule.ts'

export const portRepeated: Rule = {
  code: 'port-repeated',
  severity: 'error',
  silenceable: false,
  reason: 'One port of a task under two names would be two services in Consul for the same thing.',
  fix: 'remove one of the two',
  check: forEachJob(function* (job) {
    const names = new Map<number, string>()
    for (const { name, container } of job.ports) {
      const first = names.get(container)
      if (first !== undefined)
        yield {
          path: [...job.path, 'ports', name],
          message: `the port ${container} is already named "${first}"`,
        }
      else names.set(container, name)
    }
  }),
}

export const portLabelTaken: Rule = {
  code: 'port-label-taken',
  severity: 'error',
  silenceable: false,
  reason:
    'The label of a port becomes part of NOMAD_PORT_label, so "-" is "_" there; the published address of a port is a second label with the host network behind it.',
  fix: 'rename one of the ports',
  check: forEachJob(function* (job) {
    const labels = new Map<string, string>()
    for (const port of job.ports) {
      const own =
        port.publish?.hostNetwork === undefined ? [portLabel(port)] : [portLabel(port), publishedLabel(port)]
      for (const label of own) {
        const first = labels.get(label)
        if (first !== undefined && first !== port.name)
          yield {
            path: [...job.path, 'ports', port.name],
            message: `"${port.name}" needs the label "${label}", which "${first}" has`,
          }
        else labels.set(label, port.name)
      }
    }
  }),
}

export const addressTaken: Rule = {
  code: 'address-taken',
  severity: 'error',
  silenceable: false,
  reason: 'A fixed port of a node can be had once. A port on all addresses is taken on each of them.',
  fix: 'publish another port',
  *check({ stack }) {
    const taken = new Map<number, Address[]>()
    for (const job of stack.jobs)
      for (const address of addressesOf(job, stack.cluster)) {
        const others = taken.get(address.port) ?? []
        const clash = others.find(
          ({ on }) => on === undefined || address.on === undefined || on === address.on,
        )
        if (clash)
          yield { path: address.path, message: `${show(address)} is already taken by ${clash.owner}` }
        taken.set(address.port, [...others, address])
      }
  },
}

export const unknownHostNetwork: Rule = {
  code: 'loopback-without-host-network',
  severity: 'error',
  silenceable: true,
  reason:
    'Nomad binds a port to an address by a host_network of that name in the configuration of its clients. Where no client has it, the job is placed nowhere; 127.0.0.1 in a stack is the host_network "loopback".',
  fix: 'configure it on the clients (host_network "loopback" { cidr = "127.0.0.0/8" }) and list it in cluster.host_networks',
  check: forEachJob(function* (job, settings) {
    for (const { name, publish } of job.ports) {
      const on = publish?.hostNetwork
      if (on !== undefined && !settings.cluster.hostNetworks.includes(on))
        yield {
          path: [...job.path, 'ports', name, 'publish'],
          message: `the host network "${on}" is not in cluster.host_networks`,
        }
    }
  }),
}

export const staticPortCount: Rule = {
  code: 'static-port-count',
  severity: 'warning',
  silenceable: true,
  reason:
    'A fixed port of a node can be had once, so every allocation of the job needs a node of its own, and a canary one more.',
  fix: 'publish no fixed port, or keep the count at 1 without canaries',
  check: forEachJob(function* (job, settings) {
    const most = (job.worker?.scale.max ?? job.count) + (job.update?.canary ?? 0)
    const fixed = addressesOf(job, settings.cluster)[0]
    if (job.kind !== 'system' && fixed !== undefined && most > 1)
      yield {
        path: fixed.path,
        message: `up to ${most} allocations at once all want ${show(fixed)} of their node`,
      }
  }),
}

interface Address {
  readonly port: number
  /** The host network; absent means every address. */
  readonly on?: string | undefined
  readonly owner: string
  readonly path: DocumentPath
}

/** The fixed ports of the node that a job takes. */
function addressesOf(job: Job, cluster: Cluster): Address[] {
  // Without a name space of its own a program listens on the node itself.
  const onNode = attachmentOf(job, cluster) === 'host'
  return job.ports.flatMap(({ name, container, publish }) => {
    const owner = `the port ${name} of ${job.name}`
    const path = [...job.path, 'ports', name]
    if (onNode) return [{ port: container, owner, path }]
    if (publish === undefined) return []
    return [{ ...publish, on: publish.hostNetwork, owner, path: [...path, 'publish'] }]
  })
}

function show({ port, on }: Address): string {
  return on === undefined ? `the port ${port}` : `the port ${port} on ${on}`
}
