import { hostname } from 'node:os'
import { createNomadActions } from '../../src/adapters/nomad/actions.ts'
import { nomadClient } from '../../src/adapters/nomad/client.ts'
import { createClusterMirror } from '../../src/adapters/nomad/cluster-mirror.ts'
import { createLockStore } from '../../src/adapters/nomad/lock-store.ts'
import { recordingActions } from '../../src/adapters/nomad/recording-actions.ts'
import { openQueueSource } from '../../src/adapters/queues/index.ts'
import { REDIS_VARIABLES, redisTarget } from '../../src/adapters/redis.ts'
import { compact } from '../../src/core/compact.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import { DroverError } from '../../src/errors.ts'
import type { Clock, ClusterMirror, QueueSource } from '../../src/ports.ts'
import { redisWorkers } from '../act/worker-port.ts'
import type { ScalerDeps } from '../deps.ts'
import type { Setup } from './load-setup.ts'
import { renderedJob } from './policy-provider.ts'

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
  const http = nomadClient(env)
  let mirror: ClusterMirror | undefined
  const broker = openBroker(setup, clock, dryRun)
  const { name, cluster } = setup.stack
  return {
    ...broker,
    actions: dryRun
      ? recordingActions()
      : createNomadActions(http, {
          rendered: (group) => renderedJob(stack(), group),
          isStopped: (group) => mirror?.group(group)?.job === 'stopped',
        }),
    openMirror(listener) {
      mirror = createClusterMirror(http, { clock, listener })
      return mirror
    },
    ...(config.lock.enabled && !dryRun
      ? { lock: createLockStore(http, config.lock.path ?? `drover/scaler/${name}`, cluster.namespace) }
      : {}),
    async close() {
      await broker.close()
      http.close()
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
  const { software, prefix, prioritySteps, separator } = broker
  const options =
    software === 'celery'
      ? compact({ keyPrefix: prefix, prioritySteps, separator })
      : { prefix: prefix || 'bull' }
  const source = openQueueSource(software, options, { clock, redis, env })
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
