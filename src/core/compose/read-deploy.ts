import { compact } from '../compact.ts'
import type { Sourced } from './model.ts'
import type { MapReader } from './reader.ts'
import type { ComposeDeploy, ComposeResources, ComposeUpdate } from './service.ts'

export function readDeploy(service: MapReader): ComposeDeploy {
  const deploy = service.child('deploy')
  const placement = deploy.child('placement')
  const restart = deploy.child('restart_policy')
  return {
    ...compact({
      mode: deploy.text('mode'),
      endpointMode: deploy.text('endpoint_mode'),
      maxPerNode: placement.number('max_replicas_per_node'),
      restartCondition: restart.text('condition'),
      restartDelayMs: restart.durationMs('delay'),
      restartAttempts: restart.number('max_attempts'),
      restartWindowMs: restart.durationMs('window'),
    }),
    labels: deploy.pairs('labels'),
    constraints: placement.texts('constraints'),
    preferences: placement.list('preferences', ({ map }) => map.text('spread')?.value),
    update: readUpdate(deploy.child('update_config')),
    rollback: readUpdate(deploy.child('rollback_config')),
  }
}

export function readResources(service: MapReader): ComposeResources {
  const limits = service.child('deploy').child('resources').child('limits')
  const reservations = service.child('deploy').child('resources').child('reservations')
  return compact({
    cpuLimit: limits.number('cpus') ?? service.number('cpus'),
    cpuReservation: reservations.number('cpus'),
    memoryLimitBytes: limits.bytes('memory') ?? service.bytes('mem_limit'),
    memoryReservationBytes: reservations.bytes('memory') ?? service.bytes('mem_reservation'),
    pidsLimit: limits.number('pids') ?? service.number('pids_limit'),
    cpuShares: service.number('cpu_shares'),
    cpuset: service.text('cpuset'),
    memorySwapLimitBytes: service.bytes('memswap_limit'),
  })
}

export function readCount(service: MapReader): Sourced<number> | undefined {
  return service.child('deploy').number('replicas') ?? service.number('scale')
}

function readUpdate(update: MapReader): ComposeUpdate {
  return compact({
    parallelism: update.number('parallelism'),
    delayMs: update.durationMs('delay'),
    monitorMs: update.durationMs('monitor'),
    failureAction: update.text('failure_action'),
    maxFailureRatio: update.number('max_failure_ratio'),
    order: update.text('order'),
  })
}
