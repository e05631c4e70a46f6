import type { ServiceSpec } from '../spec/jobspec.ts'
import { serviceReferences } from '../stack/references.ts'
import type { Cluster, Job } from '../stack/stack.ts'
import { mayTalk } from './isolation.ts'
import { type FindJob, findPort, serviceName } from './names.ts'
import { attachmentOf } from './plan-network.ts'

/** A service of another job, as the sidecar of this one offers it on its own loopback. */
export interface Upstream {
  readonly service: string
  readonly localPort: number
}

/** Whether a job's services have sidecars, which need a network name space of the job. */
export function isInMesh(job: Job, cluster: Cluster): boolean {
  return cluster.isolation === 'intentions' && attachmentOf(job, cluster) === 'bridge'
}

/** The first local port of upstreams; above what services usually listen on, below the ephemeral ports. */
const FIRST_LOCAL_PORT = 19000

/** Everything that a job dials, in a fixed order, so that a service keeps its local port between renders. */
export function upstreamsOf(job: Job, findJob: FindJob): Upstream[] {
  const completed = job.dependsOn.flatMap(({ on, condition }) =>
    condition === 'completed' ? (findJob(on) ?? []) : [],
  )
  const names = [job, ...completed].flatMap(serviceReferences).map(({ reference }) => {
    const target = findJob(reference.service)
    return target ? serviceName(target, findPort(target, reference.port)?.name) : reference.service
  })
  return [...new Set(names)]
    .sort()
    .map((service, index) => ({ service, localPort: FIRST_LOCAL_PORT + index }))
}

/** The connect block of a job's service: its sidecar, and on the first service what the job dials. */
export function planConnect(
  job: Job,
  isFirst: boolean,
  findJob: FindJob,
): NonNullable<ServiceSpec['connect']> {
  const upstreams = isFirst ? upstreamsOf(job, findJob) : []
  if (upstreams.length === 0) return { sidecar_service: {} }
  return {
    sidecar_service: {
      proxy: {
        upstreams: upstreams.map(({ service, localPort }) => ({
          destination_name: service,
          local_bind_port: localPort,
        })),
      },
    },
  }
}

/** Who may call a service, by their names in Consul; everybody else may not. */
export interface Intention {
  readonly service: string
  readonly sources: readonly string[]
}

/**
 * Consul's intentions for the stack: a job may call what it looks up or depends on, which it must share a network
 * with; all else may not. A service that nobody calls denies everybody.
 */
export function planIntentions(jobs: readonly Job[], findJob: FindJob): Intention[] {
  const callers = new Map<string, Set<string>>()
  const allow = (service: string, caller: Job): void => {
    const known = callers.get(service) ?? new Set()
    callers.set(service, known.add(serviceName(caller)))
  }
  for (const job of jobs) {
    for (const { service } of upstreamsOf(job, findJob)) allow(service, job)
    for (const { on, condition } of job.dependsOn) {
      const target = condition === 'completed' ? undefined : findJob(on)
      if (!target || !mayTalk(job, target)) continue
      for (const port of target.ports) allow(serviceName(target, port.name), job)
    }
  }
  return jobs.flatMap((job) =>
    job.ports.map((port) => {
      const service = serviceName(job, port.name)
      const sources = [...(callers.get(service) ?? [])].filter((source) => source !== serviceName(job))
      return { service, sources: sources.sort() }
    }),
  )
}
