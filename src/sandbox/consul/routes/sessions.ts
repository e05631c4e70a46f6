import { randomUUID } from 'node:crypto'
import { parseGoDuration } from '../../../core/spec/go-duration.ts'
import type { SandboxClock } from '../../clock.ts'
import { ConsulError } from '../consul-error.ts'
import type { Keys } from '../state/locks.ts'
import type { ConsulStore } from '../state/store.ts'
import type { ConsulSession } from '../state/types.ts'
import type { Call, Route } from './route.ts'

const SECOND = 1e9
const LEAST_TTL = 10 * SECOND
const MOST_TTL = 24 * 3600 * SECOND
const LOCK_DELAY = 15 * SECOND

export function sessionRoutes(store: ConsulStore, keys: Keys, clock: SandboxClock): Route[] {
  const { sessions, node } = store
  const timers = new Map<string, () => void>()

  function end(id: string): void {
    timers.get(id)?.()
    timers.delete(id)
    const session = sessions.get(id)
    if (session === undefined) return
    store.write('sessions', () => sessions.delete(id))
    keys.free(id, session.LockDelay / 1e6, session.Behavior)
  }

  /** Consul ends a session only after twice its time to live: that is the least. */
  function watch({ ID, TTL }: ConsulSession): void {
    timers.get(ID)?.()
    const ttl = parseGoDuration(TTL || '0') ?? 0
    if (ttl > 0)
      timers.set(
        ID,
        clock.after((2 * ttl) / 1e6, () => end(ID)),
      )
  }

  function create({ body }: Call): unknown {
    const { TTL = '', Name = '', LockDelay, Behavior = 'release' } = body()
    const ttl = parseGoDuration(String(TTL) || '0') ?? 0
    if (ttl !== 0 && (ttl < LEAST_TTL || ttl > MOST_TTL))
      throw new ConsulError(500, `Invalid Session TTL '${ttl}', must be between [10s=24h0m0s]`)
    const session = store.write('sessions', (index): ConsulSession => {
      const one = {
        ID: randomUUID(),
        Name: String(Name),
        Node: node.Name,
        LockDelay: delayOf(LockDelay),
        Behavior: Behavior === 'delete' ? 'delete' : 'release',
        TTL: String(TTL),
        CreateIndex: index,
        ModifyIndex: index,
      } as const
      sessions.set(one.ID, one)
      return one
    })
    watch(session)
    return { ID: session.ID }
  }

  const view = (session: ConsulSession) => ({ ...session, NodeChecks: ['serfHealth'], ServiceChecks: null })
  const index = (): number => store.tableIndex('sessions')
  return [
    { methods: ['PUT'], path: '/v1/session/create', answer: create },
    {
      methods: ['PUT'],
      path: '/v1/session/destroy/:id',
      answer: ({ params }) => {
        end(params.id ?? '')
        return true
      },
    },
    {
      methods: ['PUT'],
      path: '/v1/session/renew/:id',
      answer: ({ params }) => {
        const session = sessions.get(params.id ?? '')
        if (session === undefined) throw new ConsulError(404, `Session id '${params.id}' not found`)
        watch(session)
        return [view(session)]
      },
    },
    {
      methods: ['GET'],
      path: '/v1/session/info/:id',
      index,
      answer: ({ params }) => [...sessions.values()].filter(({ ID }) => ID === params.id).map(view),
    },
    { methods: ['GET'], path: '/v1/session/list', index, answer: () => [...sessions.values()].map(view) },
  ]
}

/** A number below 1000 is of seconds, as Consul has it. */
function delayOf(value: unknown): number {
  if (typeof value === 'string') return parseGoDuration(value) ?? LOCK_DELAY
  if (typeof value === 'number') return value < 1000 ? value * SECOND : value
  return LOCK_DELAY
}
