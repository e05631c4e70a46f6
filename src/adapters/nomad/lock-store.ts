import { randomUUID } from 'node:crypto'
import { z } from '../../core/zod.ts'
import type { LockAnswer, LockStore } from '../../ports.ts'
import type { NomadHttp } from './client.ts'
import { classify } from './failure.ts'

/** Nomad frees the lock of a silent holder after about twice this; its least. */
export const LOCK_TTL_MS = 10_000
const LOCK_TTL = `${LOCK_TTL_MS / 1000}s`
const LOCK_DELAY = '1s'
/** Short of the lifetime of the lock: who gets no answer must stop acting before another can take it. */
const TIMEOUT_MS = 4000
const MAX_BYTES = 64 * 1024

const variableSchema = z.object({
  Items: z.record(z.string(), z.string()).nullish(),
  Lock: z.object({ ID: z.string() }).nullish(),
})

/**
 * A Nomad variable under a lock. Nomad takes a write with an id that once was a lock for a new lock, so that a holder
 * who lost it unnoticed would hold it again, over what another has written since. Hence each write renews first,
 * which only the holder can; and it is an acquire by the same id, since a plain write sets other times.
 */
export function createLockStore(http: NomadHttp, path: string, namespace = http.namespace): LockStore {
  const url = `/v1/var/${path.split('/').map(encodeURIComponent).join('/')}`
  const call = async (operation: 'lock-acquire' | 'lock-renew' | 'lock-release', body: object) => {
    const { data } = await http.call({
      method: 'PUT',
      path: url,
      params: { namespace, [operation]: '' },
      body: { Path: path, Namespace: namespace, ...body },
      schema: variableSchema,
      timeoutMs: TIMEOUT_MS,
    })
    return data
  }
  // Chosen here, so that who took the lock and did not hear of it can take it again.
  let own = randomUUID()
  const take = async (items: object, id: string): Promise<LockAnswer> => {
    const Lock = { TTL: LOCK_TTL, LockDelay: LOCK_DELAY, ID: id }
    const lock = (await call('lock-acquire', { Items: items, Lock })).Lock?.ID
    if (lock) return { ok: true, lock }
    return { ok: false, reason: 'invalid', message: 'Nomad gave no lock: locks came with version 1.7' }
  }
  const asHolder = async (work: () => Promise<LockAnswer>): Promise<LockAnswer> => {
    const answer = await answered('lost', work)
    if (!answer.ok && answer.reason === 'lost') own = randomUUID()
    return answer
  }
  return {
    acquire: async (items) => itemsProblem(items) ?? answered('held', () => take(items, own)),
    renew: (lock) =>
      asHolder(async () => {
        await call('lock-renew', { Lock: { ID: lock } })
        return { ok: true, lock }
      }),
    write: async (lock, items) =>
      itemsProblem(items) ??
      asHolder(async () => {
        await call('lock-renew', { Lock: { ID: lock } })
        return take(items, lock)
      }),
    release: (lock) =>
      asHolder(async () => {
        await call('lock-release', { Lock: { ID: lock } })
        own = randomUUID()
        return { ok: true, lock }
      }),
    async read() {
      try {
        const { data } = await http.call({
          path: url,
          params: { namespace },
          schema: variableSchema,
          timeoutMs: TIMEOUT_MS,
        })
        return { ok: true, items: data.Items ?? {}, isHeld: !!data.Lock && data.Lock.ID !== own }
      } catch (error) {
        const { status, message } = classify(error)
        if (status === 404 && /variable not found/.test(message))
          return { ok: true, items: {}, isHeld: false }
        return { ok: false, message }
      }
    },
  }
}

function itemsProblem(items: Readonly<Record<string, string>>): LockAnswer | undefined {
  const bytes = Object.entries(items).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value), 0)
  if (bytes <= MAX_BYTES) return undefined
  const message = `a Nomad variable holds 64 KiB, and these are ${Math.ceil(bytes / 1024)} KiB`
  return { ok: false, reason: 'invalid', message }
}

async function answered(conflict: 'held' | 'lost', work: () => Promise<LockAnswer>): Promise<LockAnswer> {
  try {
    return await work()
  } catch (error) {
    const { refusal, status, message } = classify(error)
    if (refusal === 'forbidden') return { ok: false, reason: 'forbidden', message }
    if (status === 409 || /doesn't hold a lock|variable (not found|doesn't exist)/.test(message))
      return {
        ok: false,
        reason: conflict,
        message: conflict === 'held' ? 'another holds the lock' : 'the lock is lost',
      }
    if (refusal === 'invalid') return { ok: false, reason: 'invalid', message }
    return { ok: false, reason: 'unavailable', message }
  }
}
