import type { Job, Port } from '../stack/stack.ts'

/** Finds a job of the stack by its name. */
export type FindJob = (name: string) => Job | undefined

/** A name as Consul takes it: RFC 1123 has no underscore. */
export function consulName(name: string): string {
  return name.replaceAll('_', '-')
}

/**
 * The Consul service of one port of a job: the first port has the job's own name, the others the port's
 * name behind it. A job without ports has one service, for its checks.
 */
export function serviceName(job: Job, port?: string): string {
  const primary = job.ports[0]?.name
  return consulName(port === undefined || port === primary ? job.name : `${job.name}-${port}`)
}

/** The port that a reference or a check means; the only one when it names none. */
export function findPort(job: Job, name?: string): Port | undefined {
  return name === undefined ? job.ports[0] : job.ports.find((port) => port.name === name)
}

/** Label of a port in the job spec, where it becomes part of NOMAD_PORT_label. */
export function portLabel(port: Port): string {
  return port.name.replaceAll('-', '_')
}

/** Label of the second port that publishes `port` on a client's host_network. */
export function publishedLabel(port: Port): string {
  return `${portLabel(port)}_${port.publish?.hostNetwork?.replaceAll('-', '_') ?? 'published'}`
}

/** Whether a job is visible in Consul at all. */
export function hasService(job: Job): boolean {
  return job.ports.length > 0 || job.checks.length > 0
}
