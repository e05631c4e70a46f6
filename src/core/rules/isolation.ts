import { attachmentOf } from '../plan/plan-network.ts'
import { tasksOf } from '../stack/stack.ts'
import { forEachJob, list, type Rule } from './rule.ts'

export const portsWithoutNetwork: Rule = {
  code: 'ports-without-network',
  severity: 'error',
  silenceable: false,
  reason:
    'A job with `networks: []` has only a loopback device of its own, so nobody reaches its ports or runs its checks.',
  fix: 'give it a network, or remove the ports and checks',
  check: forEachJob(function* (job) {
    const dialled = job.checks.some(({ type }) => type !== 'script')
    if (job.networks.length === 0 && (job.ports.length > 0 || dialled))
      yield {
        path: [...job.path, 'networks'],
        message: `has no network, but ${job.ports.length > 0 ? 'ports' : 'checks'}`,
      }
  }),
}

export const hostnameInBridge: Rule = {
  code: 'hostname-in-bridge',
  severity: 'error',
  silenceable: false,
  reason:
    'All tasks of a job share one network name space, whose host name Docker lets no container change: "conflicting options: hostname and the network mode". It is set once, by the `hostname` of the main task; only with `cluster.isolation: docker` has each container its own.',
  fix: 'give the main task a `hostname`, or remove it: others find the job by {service: NAME}',
  check: forEachJob(function* (job, settings) {
    for (const task of tasksOf(job)) {
      const container = task.driver === 'docker' || task.driver === 'podman'
      const key =
        task.hostname !== undefined && task !== job.main
          ? ['hostname']
          : task.config.hostname !== undefined
            ? ['config', 'hostname']
            : undefined
      if (
        container &&
        key &&
        attachmentOf(job, settings.cluster) === 'bridge' &&
        task.config.network_mode === undefined
      )
        yield {
          path: [...task.path, ...key],
          message: 'a container in bridge mode can have no host name of its own',
        }
    }
  }),
}

export const networksNotIsolated: Rule = {
  code: 'networks-not-isolated',
  severity: 'warning',
  silenceable: true,
  reason:
    'Without isolation the networks of a stack are only checked when it is rendered; on the cluster every job reaches every other.',
  fix: 'set cluster.isolation to docker or intentions',
  *check({ stack }) {
    const names = Object.keys(stack.networks)
    if (stack.cluster.isolation === 'none' && names.length > 1)
      yield {
        path: ['networks'],
        message: `${list(names)} are not kept apart on the cluster: cluster.isolation is none`,
      }
  },
}

export const dockerOneNetwork: Rule = {
  code: 'docker-one-network',
  severity: 'warning',
  silenceable: true,
  reason:
    "Nomad's docker driver joins a container to one docker network: the first of the list. Jobs of its other networks are reached through ports of the node, which are open to that network too.",
  fix: 'put the network first whose jobs it talks to most',
  check: forEachJob(function* (job, settings) {
    if (attachmentOf(job, settings.cluster) === 'docker' && job.networks.length > 1)
      yield {
        path: [...job.path, 'networks'],
        message: `lives in ${job.networks[0]}; ${list(job.networks.slice(1))} is reached through ports of the node`,
      }
  }),
}

export const isolationNeedsDocker: Rule = {
  code: 'isolation-needs-docker',
  severity: 'warning',
  silenceable: true,
  reason:
    'Docker networks keep apart what runs in docker. Programs of other drivers run beside them and are kept from nothing.',
  fix: 'use the driver docker, or `cluster.isolation: intentions`',
  check: forEachJob(function* (job, settings) {
    if (settings.cluster.isolation !== 'docker') return
    if (job.main.driver !== 'docker' && job.networks.length > 0)
      yield {
        path: [...job.path, 'driver'],
        message: `the driver ${job.main.driver} joins no docker network, so ${list(job.networks)} does not hold it`,
      }
  }),
}

export const addressesNeedOneNode: Rule = {
  code: 'addresses-need-one-node',
  severity: 'warning',
  silenceable: true,
  reason:
    'The own address of an allocation is known on its node only, unless a network plugin joins the nodes.',
  fix: 'set `cluster.addresses: host`, or `cluster.nodes: one`',
  *check({ stack }) {
    if (stack.cluster.addresses === 'allocation' && stack.cluster.nodes === 'many')
      yield {
        path: ['cluster', 'addresses'],
        message: 'addresses of allocations are handed out to jobs on other nodes',
      }
  },
}
