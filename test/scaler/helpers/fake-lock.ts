import type { LockAnswer, LockStore } from '../../../src/ports.ts'

/** A lock as Nomad's: enforced, and free again after twice its time without a renewal. */
export interface FakeLock {
  readonly store: LockStore
  items: Readonly<Record<string, string>>
  holder: string | undefined
  /** Every write of items, in order. */
  readonly writes: Readonly<Record<string, string>>[]
  /** What every call answers while it is set. */
  fails: Exclude<LockAnswer, { ok: true }>['reason'] | undefined
}

const FREE_AFTER_MS = 20_000

export function createFakeLock(): FakeLock {
  let serial = 0
  let renewedAt = 0
  const expire = () => {
    if (Date.now() - renewedAt > FREE_AFTER_MS) lock.holder = undefined
  }
  const call = async (work: () => LockAnswer): Promise<LockAnswer> => {
    await new Promise((resolve) => setTimeout(resolve, 3))
    expire()
    if (lock.fails) return { ok: false, reason: lock.fails, message: `it is ${lock.fails}` }
    return work()
  }
  const held = (id: string, work: () => void): LockAnswer => {
    if (lock.holder !== id) return { ok: false, reason: 'lost', message: 'the lock is lost' }
    work()
    return { ok: true, lock: id }
  }
  const lock: FakeLock = {
    items: {},
    holder: undefined,
    writes: [],
    fails: undefined,
    store: {
      acquire: (items) =>
        call(() => {
          if (lock.holder !== undefined) return { ok: false, reason: 'held', message: 'another holds it' }
          lock.holder = `lock-${++serial}`
          renewedAt = Date.now()
          lock.items = items
          return { ok: true, lock: lock.holder }
        }),
      renew: (id) =>
        call(() =>
          held(id, () => {
            renewedAt = Date.now()
          }),
        ),
      write: (id, items) =>
        call(() =>
          held(id, () => {
            lock.items = items
            lock.writes.push(items)
          }),
        ),
      release: (id) =>
        call(() =>
          held(id, () => {
            lock.holder = undefined
          }),
        ),
      async read() {
        await new Promise((resolve) => setTimeout(resolve, 3))
        expire()
        if (lock.fails) return { ok: false, message: `it is ${lock.fails}` }
        return { ok: true, items: lock.items, isHeld: lock.holder !== undefined }
      },
    },
  }
  return lock
}
