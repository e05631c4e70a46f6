import { type Cluster, Redis, type RedisOptions } from 'ioredis'
import type { WorkerOptions } from './options.ts'

/** Waits for Redis without end instead of failing: a task that is done must be said to be done. */
const PATIENT: RedisOptions = {
  maxRetriesPerRequest: null,
  retryStrategy: (times) => Math.min(times * 100, 2000),
  // After a failover the server at the other end may be a replica now: find the new primary, and send it again.
  reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
}

type Client = Redis | Cluster

/** Its types tell apart how replies are mapped, which no option here touches. */
const RedisClient = Redis as unknown as {
  new (url: string, options: RedisOptions): Redis
  new (options: RedisOptions): Redis
}

/** Makes connections like the one that the options describe; each call makes another. */
export function connector(redis: WorkerOptions['redis'], url: string | undefined): () => Client {
  const target = redis ?? url ?? 'redis://127.0.0.1:6379'
  if (typeof target === 'string') return () => new RedisClient(target, PATIENT)
  if (!isClient(target)) return () => new RedisClient({ ...target, ...PATIENT })
  const like = target as unknown as { duplicate(options?: RedisOptions): Client }
  return () => (target.isCluster ? like.duplicate() : like.duplicate(PATIENT))
}

/** By its methods: the client may come from another copy of ioredis. */
function isClient(target: RedisOptions | Client): target is Client {
  return 'duplicate' in target && typeof target.duplicate === 'function'
}
