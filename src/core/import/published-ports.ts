import type { ComposePort } from '../compose/service.ts'
import type { JobContext } from './context.ts'
import type { ServicePort } from './service-ports.ts'
import type { StackMap, StackValue } from './tree.ts'

/** The job's ports: each of the container's once, with its place on the node where compose publishes it. */
export function importPorts(job: JobContext): StackMap {
  const { account, plan, ports } = job
  const { service } = plan
  const own = ports.get(service.name) ?? []
  if (plan.section === 'batch') {
    for (const { key } of [...service.ports, ...service.expose])
      account.dropped(key, 'a batch job has no ports')
    return {}
  }
  for (const { key, value } of service.expose) {
    const port = own.find(({ number }) => number === Number.parseInt(value, 10))
    if (port) account.mapped(key, `ports.${port.name}`)
    else account.dropped(key, 'a range of ports that nobody dials: name the ports that are used')
  }
  return Object.fromEntries(own.map((port) => [port.name, importPort(job, port)]))
}

function importPort(job: JobContext, port: ServicePort): StackValue {
  const { account, plan } = job
  const to = `ports.${port.name}`
  const lines = plan.service.ports.filter(({ value }) => value.target === port.number)
  let publish: number | string | undefined
  for (const { value, key, comment } of lines) {
    account.mapped(key, to)
    if (value.protocol !== 'tcp')
      account.approximated(key, to, 'Nomad publishes a port for tcp and udp alike')
    if (value.mode === 'ingress') account.mapped(key, to, 'published on the node that the job runs on')
    const place = publishedAt(job, value, key, to)
    if (place === undefined) continue
    if (publish !== undefined && publish !== place) {
      account.approximated(
        key,
        to,
        `not published on ${place}: a port of a stack is published once, here on ${publish}`,
      )
      continue
    }
    publish = place
    if (comment !== undefined) job.comment(['ports', port.name], comment)
  }
  return publish === undefined ? port.number : { container: port.number, publish }
}

/** A number, `127.0.0.1:NUMBER`, or the host_network for another address. */
function publishedAt(
  job: JobContext,
  port: ComposePort,
  key: string,
  to: string,
): number | string | undefined {
  const { account } = job
  const { published, hostIp = '' } = port
  if (published === undefined) {
    account.approximated(key, to, 'not published: docker would pick any free port of the node')
    return undefined
  }
  if (typeof published !== 'number') {
    account.approximated(
      key,
      to,
      `published on ${published.from}: docker would pick one up to ${published.to}`,
    )
  }
  const number = typeof published === 'number' ? published : published.from
  if (['', '0.0.0.0', '::', '[::]'].includes(hostIp)) return number
  if (/^127\.|^\[?::1\]?$/.test(hostIp)) return `127.0.0.1:${number}`
  const network = `address-${hostIp
    .replace(/[^0-9a-f]+/gi, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase()}`
  account.approximated(
    key,
    to,
    `the clients must define the host_network ${network} with the address ${hostIp}`,
  )
  return `${network}:${number}`
}
