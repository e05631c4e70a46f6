import { randomUUID } from 'node:crypto'
import type { ConfigEntry, ConsulCheck, ConsulService, ConsulSession, KeyValue } from './types.ts'

export type Table = 'catalog' | 'keys' | 'sessions' | 'config'

/** What the servers know: for services and checks that is what the agent has told them. */
export interface ConsulStore {
  readonly node: { readonly ID: string; readonly Name: string }
  readonly services: Map<string, ConsulService>
  readonly checks: Map<string, ConsulCheck>
  readonly keys: Map<string, KeyValue>
  readonly sessions: Map<string, ConsulSession>
  /** By kind and name. */
  readonly config: Map<string, ConfigEntry>
  tableIndex(table: Table): number
  /** One raft entry: everything that `change` writes shares an index. */
  write<T>(table: Table, change: (index: number) => T): T
  /** Called after every write. Answers how to stop that. */
  onWrite(listener: () => void): () => void
}

/** A server with one node, itself, which has the service `consul` and is alive. */
export function createConsulStore(nodeName: string): ConsulStore {
  let index = 20
  const tables: Record<Table, number> = { catalog: 14, keys: 1, sessions: 1, config: 1 }
  const listeners = new Set<() => void>()
  return {
    node: { ID: randomUUID(), Name: nodeName },
    services: new Map([['consul', CONSUL]]),
    checks: new Map([['serfHealth', ALIVE]]),
    keys: new Map(),
    sessions: new Map(),
    config: new Map(),
    tableIndex: (table) => tables[table],
    write(table, change) {
      index += 1
      tables[table] = index
      const result = change(index)
      for (const listener of [...listeners]) listener()
      return result
    },
    onWrite(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const CONSUL: ConsulService = {
  ID: 'consul',
  Service: 'consul',
  Tags: [],
  Meta: {},
  Port: 8300,
  Address: '',
  Weights: { Passing: 1, Warning: 1 },
  EnableTagOverride: false,
  CreateIndex: 13,
  ModifyIndex: 13,
}

const ALIVE: ConsulCheck = {
  CheckID: 'serfHealth',
  Name: 'Serf Health Status',
  Status: 'passing',
  Notes: '',
  Output: 'Agent alive and reachable',
  ServiceID: '',
  Type: '',
  Interval: '',
  Timeout: '',
  CreateIndex: 13,
  ModifyIndex: 13,
}
