import { isDeepStrictEqual } from 'node:util'
import { ConsulError } from '../consul-error.ts'
import type { ConsulStore } from '../state/store.ts'
import type { ConfigEntry } from '../state/types.ts'
import type { Call, Route } from './route.ts'

const INTENTIONS = 'service-intentions'
/** Those that Consul has besides; nothing of theirs is checked here. */
const KINDS = [
  ...[INTENTIONS, 'service-defaults', 'proxy-defaults', 'mesh', 'service-router', 'service-splitter'],
  ...['service-resolver', 'ingress-gateway', 'terminating-gateway', 'exported-services'],
]

/** Config entries, of which Drover uses those of intentions. */
export function configRoutes(store: ConsulStore): Route[] {
  const { config } = store
  const index = (): number => store.tableIndex('config')
  const keyOf = (kind: string, name: string): string => `${kind}/${name}`
  return [
    {
      methods: ['GET'],
      path: '/v1/config/:kind',
      index,
      answer: ({ params }) => {
        if (!KINDS.includes(params.kind ?? ''))
          throw new ConsulError(500, `invalid config entry kind: ${params.kind}`)
        return [...config.values()]
          .filter(({ Kind }) => Kind === params.kind)
          .sort((a, b) => (a.Name < b.Name ? -1 : 1))
      },
    },
    {
      methods: ['GET'],
      path: '/v1/config/:kind/:name',
      index,
      answer: ({ params: { kind = '', name = '' } }) => {
        const found = config.get(keyOf(kind, name))
        if (found === undefined)
          throw new ConsulError(404, `Config entry not found for "${kind}" / "${name}"`)
        return found
      },
    },
    {
      methods: ['PUT'],
      path: '/v1/config',
      answer: ({ body, query }) => {
        const sent = readEntry(body())
        const key = keyOf(sent.Kind, sent.Name)
        const old = config.get(key)
        // What is so already is well, whatever the index.
        if (old !== undefined && isSame(old, sent)) return true
        if (query.cas !== undefined && Number(query.cas) !== (old?.ModifyIndex ?? 0)) return false
        store.write('config', (at) =>
          config.set(key, { ...sent, CreateIndex: old?.CreateIndex ?? at, ModifyIndex: at }),
        )
        return true
      },
    },
    {
      methods: ['DELETE'],
      path: '/v1/config/:kind/:name',
      answer: ({ params, query }: Call) => {
        const key = keyOf(params.kind ?? '', params.name ?? '')
        const old = config.get(key)
        if (query.cas !== undefined && old !== undefined && Number(query.cas) !== old.ModifyIndex)
          return false
        if (old !== undefined) store.write('config', () => config.delete(key))
        return query.cas === undefined ? {} : true
      },
    },
  ]
}

function isSame(a: ConfigEntry, b: ConfigEntry): boolean {
  const noIndex = { CreateIndex: 0, ModifyIndex: 0 }
  return isDeepStrictEqual({ ...a, ...noIndex }, { ...b, ...noIndex })
}

function readEntry(sent: Readonly<Record<string, unknown>>): ConfigEntry {
  const { Kind = '', Name = '' } = sent
  if (!KINDS.includes(String(Kind)))
    throw new ConsulError(400, `Bad request: Request decoding failed: invalid config entry kind: ${Kind}`)
  const entry = { ...sent, Kind: String(Kind), Name: String(Name), CreateIndex: 0, ModifyIndex: 0 }
  if (Kind !== INTENTIONS) return entry
  const sources = Array.isArray(sent.Sources) ? (sent.Sources as Readonly<Record<string, unknown>>[]) : []
  for (const [at, { Action, Permissions }] of sources.entries())
    if (Permissions === undefined && Action !== 'allow' && Action !== 'deny')
      throw new ConsulError(500, `Sources[${at}].Action must be set to 'allow' or 'deny'`)
  return {
    ...entry,
    Sources: sources
      .map(
        (source) =>
          ({ ...source, Precedence: precedence(String(Name), String(source.Name)), Type: 'consul' }) as const,
      )
      .sort((a, b) => b.Precedence - a.Precedence),
  }
}

/** What is named goes before what is not. */
function precedence(destination: string, source: string): number {
  const [any, anySource] = [destination === '*', source === '*']
  if (any) return anySource ? 5 : 6
  return anySource ? 8 : 9
}
