import { compact } from '../compact.ts'
import type { CheckSpec, ServiceSpec } from '../spec/jobspec.ts'
import type { Check, Cluster, Job, Port, Stack } from '../stack/stack.ts'
import { findPort, hasService, portLabel, serviceName } from './names.ts'
import { attachmentOf, needsNodePort } from './plan-network.ts'
import type { TaskPlan } from './plan-task.ts'

/** The Consul services of a job: one for each port, or one without a port that carries the checks. */
export function planServices(stack: Stack, job: Job, main: TaskPlan): ServiceSpec[] {
  if (!hasService(job)) return []
  if (job.ports.length === 0) return [planService(stack, job, undefined, main)]
  return job.ports.map((port) => planService(stack, job, port, main))
}

function planService(stack: Stack, job: Job, port: Port | undefined, main: TaskPlan): ServiceSpec {
  const checks = job.checks.filter((check) => findPort(job, check.port)?.name === port?.name)
  const address = port === undefined ? {} : addressOf(port, job, stack.cluster)
  return compact({
    name: serviceName(job, port?.name),
    provider: 'consul',
    ...address,
    tags: [stack.name, job.kind, ...job.tags],
    meta: { stack: stack.name, kind: job.kind, job: job.name },
    check: checks.length === 0 ? undefined : checks.map((check) => planCheck(check, job, address, main)),
  })
}

type Address = Pick<ServiceSpec, 'port' | 'address_mode'>

/** Where the service is registered: a port of the node, or the allocation's own address and port. */
function addressOf(port: Port, job: Job, cluster: Cluster): Address {
  const attachment = attachmentOf(job, cluster)
  const onNode = needsNodePort(attachment, cluster) || (port.publish && port.publish.hostNetwork === undefined)
  if (onNode) return { port: portLabel(port) }
  return { port: String(port.container), address_mode: attachment === 'docker' ? 'driver' : 'alloc' }
}

/**
 * Failures in a row before a check is critical are counted by Consul, so a critical check restarts the task
 * at once (limit 1). Nomad has no such count for scripts: there the restart limit counts them.
 */
function planCheck(check: Check, job: Job, address: Address, main: TaskPlan): CheckSpec {
  const counted = check.type !== 'script'
  const [command, ...args] = check.type === 'script' ? check.command.map((part) => main.argument(part)) : []
  return compact({
    type: check.type,
    name: check.name,
    ...(counted ? { port: address.port, address_mode: address.address_mode } : { task: job.main.name, command, args }),
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
      check.onUnhealthy === 'restart' ? { limit: counted ? 1 : check.retries, grace: check.grace } : undefined,
  })
}
