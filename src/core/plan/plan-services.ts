import { compact } from '../compact.ts'
import { serviceMeta, serviceTags } from '../consul/service-meta.ts'
import type { CheckSpec, ServiceSpec } from '../spec/jobspec.ts'
import type { Check, Job, Port, Stack } from '../stack/stack.ts'
import { isInMesh, planConnect, upstreamsOf } from './connect.ts'
import { type FindJob, findPort, hasService, serviceName } from './names.ts'
import { attachmentOf, type PortPlan, planPort } from './plan-network.ts'
import type { TaskPlan } from './plan-task.ts'
import { restartGrace } from './policies.ts'

/**
 * The Consul services of a job: one for each port, or one without a port that carries the checks. In the mesh
 * a job that only dials others needs one too, for its sidecar.
 */
export function planServices(stack: Stack, job: Job, main: TaskPlan, findJob: FindJob): ServiceSpec[] {
  if (!hasService(job) && !(isInMesh(job, stack.cluster) && upstreamsOf(job, findJob).length > 0)) return []
  const ports = job.ports.length === 0 ? [undefined] : job.ports
  return ports.map((port, index) =>
    planService(stack, job, port, main, connectOf(stack, job, index, findJob)),
  )
}

function connectOf(
  stack: Stack,
  job: Job,
  index: number,
  findJob: FindJob,
): ServiceSpec['connect'] | undefined {
  return isInMesh(job, stack.cluster) ? planConnect(job, index === 0, findJob) : undefined
}

function planService(
  stack: Stack,
  job: Job,
  port: Port | undefined,
  main: TaskPlan,
  connect: ServiceSpec['connect'] | undefined,
): ServiceSpec {
  const checks = job.checks.filter((check) => findPort(job, check.port)?.name === port?.name)
  const address = port === undefined ? {} : planPort(stack, job, port).address
  // The mesh reaches the program by the port it listens on; the sidecar has the address that is announced.
  const announced = connect && port ? { port: String(port.container) } : address
  const ofTask = attachmentOf(job, stack.cluster) === 'docker'
  return compact({
    name: serviceName(job, port?.name),
    provider: 'consul',
    ...announced,
    tags: serviceTags(stack.name, job),
    meta: serviceMeta(stack.name, job),
    check:
      checks.length === 0 ? undefined : checks.map((check) => planCheck(check, job, address, main, ofTask)),
    connect,
  })
}

/**
 * Failures in a row before a check is critical are counted by Consul, so a critical check restarts the task
 * at once (limit 1). Nomad has no such count for scripts: there the restart limit counts them.
 */
function planCheck(
  check: Check,
  job: Job,
  address: PortPlan['address'],
  main: TaskPlan,
  ofTask: boolean,
): CheckSpec {
  const counted = check.type !== 'script'
  const [command, ...args] = check.type === 'script' ? check.command.map((part) => main.argument(part)) : []
  return compact({
    type: check.type,
    name: check.name,
    ...(counted ? address : { task: ofTask ? undefined : job.main.name, command, args }),
    path: check.type === 'http' ? check.httpPath : undefined,
    method: check.type === 'http' ? check.method : undefined,
    protocol: check.type === 'http' ? check.protocol : undefined,
    header: check.type === 'http' ? check.headers : undefined,
    grpc_service: check.type === 'grpc' ? check.grpcService : undefined,
    grpc_use_tls: check.type === 'grpc' ? check.tls : undefined,
    interval: check.interval,
    timeout: check.timeout,
    failures_before_critical: counted && check.retries > 1 ? check.retries : undefined,
    check_restart:
      check.onUnhealthy === 'restart'
        ? { limit: counted ? 1 : check.retries, grace: restartGrace(check.grace, job.main.restart) }
        : undefined,
  })
}
