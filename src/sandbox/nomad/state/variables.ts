import { randomUUID } from 'node:crypto'
import type { SandboxClock } from '../../clock.ts'
import { NomadError } from '../nomad-error.ts'
import { nanoseconds, parseDuration } from '../time.ts'
import { type Entry, jobKey, type Store } from './store.ts'

export interface Variable {
  readonly Namespace: string
  readonly Path: string
  readonly Items?: Readonly<Record<string, string>>
  readonly Lock?: VariableLock
  readonly CreateIndex: number
  readonly ModifyIndex: number
  readonly CreateTime: number
  readonly ModifyTime: number
}

export interface VariableLock {
  readonly ID: string
  readonly TTL: string
  readonly LockDelay: string
}

export interface VariableCall {
  readonly Items?: Readonly<Record<string, string>> | null
  readonly Lock?: Partial<VariableLock> | null
}

/** An answer of 409 that carries the variable as it is. */
export class VariableConflict extends NomadError {
  readonly variable: unknown

  constructor(variable: unknown) {
    super(409, 'conflict')
    this.variable = variable
  }
}

export interface Variables {
  find(namespace: string, path: string): Variable | undefined
  write(namespace: string, path: string, call: VariableCall, cas: number | undefined): Variable
  remove(namespace: string, path: string, cas: number | undefined): void
  acquire(namespace: string, path: string, call: VariableCall): Variable
  renew(namespace: string, path: string, call: VariableCall): Variable
  release(namespace: string, path: string, call: VariableCall): Variable
}

const DEFAULT_TTL = '15s'
const NOT_HELD = "variable doesn't hold a lock"
const HELD = 'attempting to modify locked variable'

/** Variables and their locks. A lock whose holder is silent for twice its TTL is gone, and free after its delay. */
export function createVariables(store: Store, clock: SandboxClock): Variables {
  /** Locks that are watched: those that were acquired. Nobody ends any other. */
  const timers = new Map<string, () => void>()
  const find = (namespace: string, path: string): Variable | undefined =>
    store.variables.get(jobKey(namespace, path))

  function put(entry: Entry, variable: Variable): Variable {
    store.variables.set(jobKey(variable.Namespace, variable.Path), variable)
    tell(entry, variable, false)
    return variable
  }

  function tell(entry: Entry, { Items: _, ...Metadata }: Variable, Deleted: boolean): void {
    entry.touch('variables')
    entry.event('Variable', Metadata.Path, Metadata.Namespace, null, { Deleted, Metadata })
  }

  function next(entry: Entry, namespace: string, path: string, change: Partial<Variable>): Variable {
    const now = nanoseconds(clock.now())
    const old = find(namespace, path)
    const base = old ?? { Namespace: namespace, Path: path, CreateIndex: entry.index, CreateTime: now }
    return { ...base, ...change, ModifyIndex: entry.index, ModifyTime: now }
  }

  function watch(variable: Variable, lock: VariableLock): void {
    timers.get(lock.ID)?.()
    const silence = 2 * durationOf(lock.TTL) + durationOf(lock.LockDelay)
    const cancel = clock.after(silence, () => {
      timers.delete(lock.ID)
      const current = find(variable.Namespace, variable.Path)
      if (current?.Lock?.ID === lock.ID) unlock(current)
    })
    timers.set(lock.ID, cancel)
  }

  function unlock(variable: Variable): Variable {
    const { Lock: _, ...free } = variable
    // The times of the content stay; only the index says that something has changed.
    return store.write('VariableUpdated', (entry) => put(entry, { ...free, ModifyIndex: entry.index }))
  }

  function held(namespace: string, path: string, id: string | undefined): Variable {
    const variable = find(namespace, path)
    if (!variable) throw new NomadError(404, "variable doesn't exist")
    if (!variable.Lock) throw new NomadError(409, NOT_HELD)
    if (variable.Lock.ID !== id || !timers.has(variable.Lock.ID)) throw new NomadError(409, HELD)
    return variable
  }

  return {
    find,
    write(namespace, path, { Items, Lock }, cas) {
      checkPath(path)
      if (!Items) throw new NomadError(400, 'variable missing required Items object')
      if (Lock?.TTL !== undefined || Lock?.LockDelay !== undefined)
        throw new NomadError(
          400,
          'RPC Error:: 400,RPC Error:: 400,variable should not contain lock definition',
        )
      const old = find(namespace, path)
      if (old?.Lock && old.Lock.ID !== Lock?.ID) throw new VariableConflict(nothing(namespace, path))
      if (cas !== undefined && cas !== (old?.ModifyIndex ?? 0))
        throw new VariableConflict(old ?? nothing(namespace, path))
      // Nomad keeps the id that it was given, whether the lock is held or not, and forgets its times.
      const kept = Lock?.ID ? { Lock: { ID: Lock.ID, TTL: DEFAULT_TTL, LockDelay: DEFAULT_TTL } } : {}
      return store.write('VariableUpdated', (entry) =>
        put(entry, next(entry, namespace, path, { Items, ...kept })),
      )
    },
    remove(namespace, path, cas) {
      const old = find(namespace, path)
      if (!old) return
      if (old.Lock) throw new VariableConflict(nothing(namespace, path))
      if (cas !== undefined && cas !== old.ModifyIndex) throw new VariableConflict(old)
      store.write('VariableDeleted', (entry) => {
        store.variables.delete(jobKey(namespace, path))
        tell(entry, old, true)
      })
    },
    acquire(namespace, path, { Items, Lock }) {
      checkPath(path)
      const lock = {
        TTL: Lock?.TTL ?? DEFAULT_TTL,
        LockDelay: Lock?.LockDelay ?? DEFAULT_TTL,
        ID: Lock?.ID || randomUUID(),
      }
      const ttl = parseDuration(lock.TTL) ?? 0
      if (ttl < MIN_TTL_MS || ttl > MAX_TTL_MS)
        throw new NomadError(
          400,
          'RPC Error:: 400,1 error occurred:\n\t* TTL must be between 10 seconds and 24 hours\n\n',
        )
      const old = find(namespace, path)
      if (old?.Lock && old.Lock.ID !== lock.ID) throw new VariableConflict(nothing(namespace, path))
      const variable = store.write('VariableUpdated', (entry) =>
        put(entry, next(entry, namespace, path, { Items: Items ?? {}, Lock: lock })),
      )
      watch(variable, lock)
      return variable
    },
    renew(namespace, path, { Lock }) {
      const variable = held(namespace, path, Lock?.ID)
      if (variable.Lock) watch(variable, variable.Lock)
      const { Items: _, ...answer } = variable
      return answer
    },
    release(namespace, path, { Items, Lock }) {
      if (Items)
        throw new NomadError(400, "RPC Error:: 400,lock release operation doesn't take variable items")
      const variable = find(namespace, path)
      if (!variable?.Lock) throw new NomadError(500, NOT_HELD)
      if (variable.Lock.ID !== Lock?.ID) throw new VariableConflict(nothing(namespace, path))
      timers.get(variable.Lock.ID)?.()
      timers.delete(variable.Lock.ID)
      const { Items: _, ...answer } = unlock(variable)
      return answer
    },
  }
}

const MIN_TTL_MS = 10_000
const MAX_TTL_MS = 86_400_000

function durationOf(text: string): number {
  return parseDuration(text) ?? parseDuration(DEFAULT_TTL) ?? 0
}

function checkPath(path: string): void {
  if (!/^[A-Za-z0-9-_~/]{1,128}$/.test(path))
    throw new NomadError(400, `RPC Error:: 400,invalid path "${path}"`)
}

function nothing(Namespace: string, Path: string): unknown {
  return { CreateIndex: 0, CreateTime: 0, ModifyIndex: 0, ModifyTime: 0, Namespace, Path }
}
