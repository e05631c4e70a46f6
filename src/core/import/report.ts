import type { AutoscaleKey } from '../compose/autoscale.ts'
import type { ComposeKey } from '../compose/model.ts'
import type { Position } from '../issue.ts'
import type { KeyState, Ledger } from './ledger.ts'
import { whyApart, whyUnmapped } from './unmapped-keys.ts'

/** What became of one key of the files. */
export interface ReportEntry {
  /** `replaced`: another place of the files says otherwise, so the key was never in force. */
  readonly state: KeyState | 'replaced'
  readonly position: Position
  /** The compose service; absent for top-level keys and for autoscale.yml. */
  readonly service?: string
  readonly key: string
  /** Where it went: `services.redis.ports.redis`. */
  readonly to?: string
  /** How it was approximated, why it was dropped, or what else is good to know. */
  readonly note?: string
}

/**
 * An entry for every key of the compose files, in reading order.
 * @param place where a key of a service's job stands in the stack; undefined for a service that was left out
 */
export function reportCompose(
  keys: readonly ComposeKey[],
  ledger: Ledger,
  place: (service: string, to: string) => string | undefined,
): ReportEntry[] {
  return keys.map((key) => ({
    position: key.position,
    ...(key.service === undefined ? {} : { service: key.service }),
    key: key.key,
    ...becameOf(key, ledger, place),
  }))
}

type Became = Pick<ReportEntry, 'state' | 'to' | 'note'>

function becameOf(
  key: ComposeKey,
  ledger: Ledger,
  place: (service: string, to: string) => string | undefined,
): Became {
  const by = key.by ? ` at ${key.by.file}:${key.by.line}` : ''
  switch (key.state) {
    case 'replaced':
      return { state: 'replaced', note: `replaced${by}` }
    case 'reset':
      return { state: 'replaced', note: `removed by !reset${by}` }
    case 'directive':
      return {
        state: 'mapped',
        note: DIRECTIVES[key.key.split(/[.[]/)[0] ?? ''] ?? 'carried out while reading',
      }
    case 'extension':
      return {
        state: 'mapped',
        note: 'means nothing by itself; its keys are listed where an alias uses them',
      }
    case 'effective':
      return verdictOn(key, ledger, place)
  }
}

const DIRECTIVES: Readonly<Record<string, string>> = {
  version: 'compose itself ignores it',
  extends: 'carried out while reading: the other service is part of this one',
  include: 'carried out while reading: the other file is part of this one',
}

function verdictOn(
  key: ComposeKey,
  ledger: Ledger,
  place: (service: string, to: string) => string | undefined,
): Became {
  if (key.service !== undefined && place(key.service, '') === undefined)
    return { state: 'dropped', note: 'the service has another profile than those that were asked for' }
  const apart = ledger.has(key) ? undefined : whyApart(key.key)
  if (apart !== undefined) return { state: 'dropped', note: apart }
  const verdict = ledger.find(key)
  if (!verdict) return { state: 'dropped', note: whyUnmapped(key.key) }
  const { service } = key
  const to = verdict.to.map((one) => (service === undefined ? one : (place(service, one) ?? one)))
  return { state: verdict.state, ...placesOf(to), ...noteOf(verdict.notes) }
}

/** An entry for every key of autoscale.yml. */
export function reportAutoscale(keys: readonly AutoscaleKey[], ledger: Ledger): ReportEntry[] {
  return keys.map(({ key, position, known }) => {
    const verdict = known ? ledger.find({ key }) : undefined
    if (!verdict)
      return {
        state: 'dropped',
        position,
        key,
        note: known ? 'a stack has no key for it' : 'Drover does not know the key',
      }
    return { state: verdict.state, position, key, ...placesOf(verdict.to), ...noteOf(verdict.notes) }
  })
}

/** How many entries have each state. */
export function countStates(entries: readonly ReportEntry[]): Readonly<Record<ReportEntry['state'], number>> {
  const counts = { mapped: 0, approximated: 0, dropped: 0, replaced: 0 }
  for (const { state } of entries) counts[state]++
  return counts
}

/** More places than this are counted. */
const MOST_PLACES = 3

function placesOf(places: readonly string[]): { to?: string } {
  if (places.length === 0) return {}
  const rest = places.length - MOST_PLACES
  const shown = rest > 1 ? [...places.slice(0, MOST_PLACES), `${rest} more`] : places
  return { to: shown.join(', ') }
}

/** All notes as one, those about addresses put together. */
function noteOf(notes: readonly string[]): { note?: string } {
  const isAddress = (note: string) => ADDRESS.test(note)
  const names = (early: boolean): string[] =>
    notes.flatMap((note) => {
      const [, name, without] = ADDRESS.exec(note) ?? []
      return name !== undefined && (without !== undefined) === early ? [name] : []
    })
  const [waited, early] = [names(false), names(true)]
  const texts = [
    ...notes.filter((note) => !isAddress(note)),
    ...(waited.length > 0 ? [`${addresses(waited)} from Consul`] : []),
    ...(early.length > 0
      ? [
          `${addresses(early)} from Consul, not waited for, since the job does not depend on ${early.length === 1 ? 'it' : 'them'}`,
        ]
      : []),
  ]
  return texts.length === 0 ? {} : { note: texts.join('; ') }
}

const ADDRESS = /^the address of (\S+)( without a wait)?$/

function addresses(names: readonly string[]): string {
  return `the address${names.length === 1 ? '' : 'es'} of ${names.join(', ')} ${names.length === 1 ? 'comes' : 'come'}`
}
