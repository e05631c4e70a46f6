import { ConsulError } from '../consul-error.ts'
import type { Keys } from '../state/locks.ts'
import type { ConsulStore } from '../state/store.ts'
import { type Call, Reply, type Route } from './route.ts'

const isOn = (value: string | undefined): boolean => value !== undefined && value !== 'false'
const indexOf = (value: string | undefined): number | undefined =>
  value === undefined ? undefined : Number(value)

export function keyRoutes(store: ConsulStore, keys: Keys): Route[] {
  return [
    {
      methods: ['GET'],
      path: '/v1/kv/*',
      index: () => store.tableIndex('keys'),
      answer: (call) => readKeys(store, call),
    },
    {
      methods: ['PUT'],
      path: '/v1/kv/*',
      answer: ({ params, query, text }) => {
        const key = params['*'] ?? ''
        const value = Buffer.from(text).toString('base64')
        if (query.acquire !== undefined) return keys.acquire(key, value, query.acquire)
        if (query.release !== undefined) return keys.release(key, value, query.release)
        const [cas, flags] = [indexOf(query.cas), indexOf(query.flags)]
        return keys.put(key, value, {
          ...(cas === undefined ? {} : { cas }),
          ...(flags === undefined ? {} : { flags }),
        })
      },
    },
    {
      methods: ['DELETE'],
      path: '/v1/kv/*',
      answer: ({ params, query }) => {
        const key = params['*'] ?? ''
        return isOn(query.recurse) ? keys.removeBelow(key) : keys.remove(key, indexOf(query.cas))
      },
    },
    { methods: ['PUT'], path: '/v1/txn', answer: ({ text }) => transaction(store, keys, text) },
  ]
}

function readKeys({ keys }: ConsulStore, { params, query }: Call): unknown {
  const wanted = params['*'] ?? ''
  if (isOn(query.keys) || isOn(query.recurse)) {
    const found = [...keys.values()]
      .filter(({ Key }) => Key.startsWith(wanted))
      .sort((a, b) => (a.Key < b.Key ? -1 : 1))
    if (found.length === 0) return new Reply(404, undefined)
    if (!isOn(query.keys)) return found
    const { separator } = query
    return [...new Set(found.map(({ Key }) => cut(Key, wanted.length, separator)))]
  }
  const one = keys.get(wanted)
  if (one === undefined) return new Reply(404, undefined)
  return isOn(query.raw) ? new Reply(200, Buffer.from(one.Value, 'base64').toString(), 'text/plain') : [one]
}

function cut(key: string, from: number, separator: string | undefined): string {
  const at = separator ? key.indexOf(separator, from) : -1
  return at === -1 ? key : key.slice(0, at + (separator?.length ?? 0))
}

interface Operation {
  readonly Verb: string
  readonly Key: string
  readonly Value?: string
  readonly Index?: number
}

const MOST_OPERATIONS = 64

/** All or none: what would fail is found before anything is written. */
function transaction(store: ConsulStore, keys: Keys, text: string): unknown {
  const operations = (JSON.parse(text) as { KV?: Operation }[]).map(({ KV }) => KV)
  if (operations.length > MOST_OPERATIONS)
    throw new ConsulError(
      413,
      `Transaction contains too many operations (${operations.length} > ${MOST_OPERATIONS})`,
    )
  const errors = operations.flatMap((one, OpIndex) => {
    const What = problemOf(store, one)
    return What === undefined ? [] : [{ OpIndex, What }]
  })
  if (errors.length > 0) return new Reply(409, { Results: null, Errors: errors })
  const results = operations.flatMap((one) => {
    const { Verb = '', Key = '', Value = '' } = one ?? {}
    if (Verb === 'set' || Verb === 'cas') keys.put(Key, Value, {})
    if (Verb === 'delete' || Verb === 'delete-cas') keys.remove(Key, undefined)
    if (Verb === 'delete-tree') keys.removeBelow(Key)
    const now = store.keys.get(Key)
    return now === undefined || Verb.startsWith('delete') || Verb.startsWith('check')
      ? []
      : [{ KV: Verb === 'get' ? now : { ...now, Value: null } }]
  })
  return { Results: results.length > 0 ? results : null, Errors: null }
}

function problemOf({ keys }: ConsulStore, operation: Operation | undefined): string | undefined {
  if (operation === undefined)
    throw new ConsulError(501, 'the sandbox does not emulate PUT /v1/txn of anything but keys')
  const { Verb, Key, Index } = operation
  const now = keys.get(Key)
  switch (Verb) {
    case 'set':
    case 'delete':
    case 'delete-tree':
      return undefined
    case 'get':
      return now ? undefined : `key "${Key}" doesn't exist`
    case 'check-not-exists':
      return now ? `key "${Key}" exists` : undefined
    case 'cas':
    case 'delete-cas':
    case 'check-index':
      return (now?.ModifyIndex ?? 0) === (Index ?? 0)
        ? undefined
        : `failed to ${Verb === 'cas' ? 'set' : 'check'} key "${Key}", index is stale`
    default:
      throw new ConsulError(501, `the sandbox does not emulate the verb ${Verb} of PUT /v1/txn`)
  }
}
