import type { SandboxClock } from '../../clock.ts'
import { ConsulError } from '../consul-error.ts'
import type { ConsulStore } from './store.ts'
import type { KeyValue } from './types.ts'

/** Keys, and the sessions that hold some of them. The lock is advice: a plain write goes through. */
export interface Keys {
  /** False when `cas` does not fit. */
  put(key: string, value: string, options: { readonly cas?: number; readonly flags?: number }): boolean
  remove(key: string, cas: number | undefined): boolean
  removeBelow(prefix: string): boolean
  /** Throws 500 for a session that is not. */
  acquire(key: string, value: string, session: string): boolean
  release(key: string, value: string, session: string): boolean
  /** Frees what a session holds, and keeps it free for its lock delay. */
  free(session: string, lockDelayMs: number, behavior: 'release' | 'delete'): void
}

export function createKeys(store: ConsulStore, clock: SandboxClock): Keys {
  const { keys } = store
  const delayed = new Map<string, number>()

  function write(key: string, value: string, change: Partial<KeyValue> = {}): void {
    store.write('keys', (index) => {
      const old = keys.get(key)
      const base = {
        Key: key,
        Flags: old?.Flags ?? 0,
        LockIndex: old?.LockIndex ?? 0,
        CreateIndex: old?.CreateIndex ?? index,
      }
      const { Session } = { ...old, ...change }
      keys.set(key, { ...base, ...change, ...(Session ? { Session } : {}), Value: value, ModifyIndex: index })
    })
  }

  function drop(wanted: readonly string[]): void {
    if (wanted.length > 0)
      store.write('keys', () => {
        for (const key of wanted) keys.delete(key)
      })
  }

  return {
    put(key, value, { cas, flags }) {
      if (cas !== undefined && cas !== (keys.get(key)?.ModifyIndex ?? 0)) return false
      write(key, value, flags === undefined ? {} : { Flags: flags })
      return true
    },
    remove(key, cas) {
      const old = keys.get(key)
      if (cas !== undefined && old !== undefined && cas !== old.ModifyIndex) return false
      drop(old ? [key] : [])
      return true
    },
    removeBelow(prefix) {
      drop([...keys.keys()].filter((key) => key.startsWith(prefix)))
      return true
    },
    acquire(key, value, session) {
      if (!store.sessions.has(session))
        throw new ConsulError(500, `raft apply failed: invalid session "${session}"`)
      const old = keys.get(key)
      if (old?.Session !== undefined && old.Session !== session) return false
      if ((delayed.get(key) ?? 0) > clock.now()) return false
      const LockIndex = (old?.LockIndex ?? 0) + (old?.Session === session ? 0 : 1)
      write(key, value, { Session: session, LockIndex })
      return true
    },
    release(key, value, session) {
      const old = keys.get(key)
      if (old?.Session !== session) return false
      const { Session: _, ...free } = old
      keys.set(key, free)
      write(key, value)
      return true
    },
    free(session, lockDelayMs, behavior) {
      for (const [key, { Session, Value }] of [...keys]) {
        if (Session !== session) continue
        delayed.set(key, clock.now() + lockDelayMs)
        const { Session: _, ...free } = keys.get(key) as KeyValue
        keys.set(key, free)
        if (behavior === 'delete') drop([key])
        else write(key, Value)
      }
    },
  }
}
