import { hostname } from 'node:os'
import { recordingActions } from '../../src/adapters/nomad/recording-actions.ts'
import { brokerOptions } from '../../src/adapters/queues/broker-options.ts'
import { openQueueSource } from '../../src/adapters/queues/index.ts'
import { REDIS_VARIABLES, redisTarget } from '../../src/adapters/redis.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import { DroverError } from '../../src/errors.ts'
import type { Clock, QueueSource } from '../../src/ports.ts'
import { redisWorkers } from '../act/worker-port.ts'
import type { ScalerDeps } from '../deps.ts'
import type { Setup } from './load-setup.ts'
import { openNomad } from './open-nomad.ts'

export interface OpenPorts
  extends Pick<ScalerDeps, 'actions' | 'openMirror' | 'sources'>,
    Partial<Pick<ScalerDeps, 'lock' | 'workers'>> {
  /** Credentials that were read, for the log to hide. */
  readonly secrets: readonly string[]
  close(): Promise<void>
}

export interface PortOptions {
  readonly setup: Setup
  /** As it was read last. */
  readonly stack: () => Stack
  readonly clock: Clock
  readonly dryRun: boolean
}

/** Opens what the scaler reads and acts through. Throws USAGE and CONFIG_INVALID; what does not answer is no error. */
export function openPorts({ setup, stack, clock, dryRun }: PortOptions): OpenPorts {
  const { env, config } = setup
  const { close, lock, ...nomad } = openNomad({ env, stack, clock, lockPath: config.lock.path })
  const broker = openBroker(setup, clock, dryRun)
  return {
    ...nomad,
    ...broker,
    ...(dryRun ? { actions: recordingActions() } : {}),
    ...(config.lock.enabled && !dryRun ? { lock } : {}),
    async close() {
      await broker.close()
      close()
    },
  }
}

function openBroker({ stack, env }: Setup, clock: Clock, dryRun: boolean) {
  const { broker } = stack
  if (broker === undefined)
    return { sources: new Map<string, QueueSource>(), secrets: [], close: async () => {} }
  const redis = redisTarget(env, undefined, broker.database)
  if (redis === undefined)
    throw new DroverError('USAGE', `where the broker ${broker.service} is reached from here is not known`, {
      hint: `Set ${REDIS_VARIABLES.url}, or redis.url in the configuration.`,
    })
  const { software, prefix } = broker
  const source = openQueueSource(software, brokerOptions(broker), { clock, redis, env })
  const workers = dryRun ? undefined : redisWorkers(redis, software === 'celery' ? { prefix } : undefined)
  return {
    sources: new Map([[software as string, source]]),
    secrets: redis.target.password === undefined ? [] : [redis.target.password],
    ...(workers === undefined ? {} : { workers }),
    async close() {
      workers?.close()
      await source.close()
    },
  }
}

/** What this daemon is called where another says who leads: unique, and of use to find it. */
export function daemonName(env: Setup['env'], pid: number): string {
  return `${hostname()}/${env.NOMAD_ALLOC_ID?.slice(0, 8) ?? pid}`
}
