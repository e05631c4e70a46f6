import { type Asked, type CountChange, type GroupMemory, NO_MEMORY } from '../../src/core/scaling/group.ts'
import { z } from '../../src/core/zod.ts'

/** What one group must not forget when the leader changes. */
export interface KeptMemory {
  readonly memory: GroupMemory
  readonly taggedVersion?: number | undefined
  /** However long ago. */
  readonly lastChange?: CountChange | undefined
}

export type Items = Readonly<Record<string, string>>

const ITEM = 'groups'
/** Nomad takes 64 KiB a variable; the names of the items and the leader's need a little of it. */
export const MAX_BYTES = 60 * 1024

const asked = z.array(z.tuple([z.string(), z.number()]).rest(z.number())).default([])
const change = z.tuple([z.number(), z.int().min(0), z.int().min(0)])
const keptSchema = z.object({
  changes: z.array(change).default([]),
  last: change.optional(),
  retiring: asked,
  cordoned: asked,
  paused: z
    .object({
      since: z.number(),
      by: z.string().optional(),
      reason: z.string().optional(),
      until: z.number().optional(),
    })
    .optional(),
  bounds: z
    .object({
      min: z.int().min(0).optional(),
      max: z.int().min(0).optional(),
      by: z.string().optional(),
      since: z.number(),
    })
    .optional(),
  tagged: z.int().optional(),
})
type Kept = z.input<typeof keptSchema>

/**
 * As items of the lock's variable. What does not fit is left out, the least important first: all changes of the count
 * but the last, then that one too, of the longest ago first. Pauses, bounds, cordons and retirements go last of all.
 * @returns how many groups had to leave something out beyond the older changes
 */
export function writeItems(groups: ReadonlyMap<string, KeptMemory>): { items: Items; cut: number } {
  const full = [...groups].flatMap(([key, of]) => toKept(key, of))
  const whole = toText(full)
  if (fits(whole)) return { items: { [ITEM]: whole }, cut: 0 }
  const short = full.map(([key, kept]): [string, Kept] => [key, withoutChanges(kept)])
  const text = toText(short)
  if (fits(text)) return { items: { [ITEM]: text }, cut: 0 }
  const byWeight = short.sort(([, a], [, b]) => weight(b) - weight(a))
  const some: string[] = []
  let bytes = 2
  let cut = 0
  for (const [key, kept] of byWeight) {
    const entry = `${JSON.stringify(key)}:${JSON.stringify(kept)}`
    const size = Buffer.byteLength(entry) + 1
    if (bytes + size > MAX_BYTES) cut++
    else {
      bytes += size
      some.push(entry)
    }
  }
  return { items: { [ITEM]: `{${some.join(',')}}` }, cut }
}

/** What cannot be read of one group leaves the others: it is named in `unreadable`. Times after `now` become `now`. */
export function readItems(
  items: Items,
  now: number,
): { groups: Map<string, KeptMemory>; unreadable: readonly string[] } {
  const groups = new Map<string, KeptMemory>()
  const unreadable: string[] = []
  const read = z.record(z.string(), z.unknown()).safeParse(parseJson(items[ITEM]))
  if (!read.success) return { groups, unreadable: items[ITEM] === undefined ? [] : ['everything'] }
  for (const [key, value] of Object.entries(read.data)) {
    const kept = keptSchema.safeParse(value)
    if (kept.success) groups.set(key, fromKept(kept.data, now))
    else unreadable.push(key)
  }
  return { groups, unreadable }
}

/** Followers read the same again and again. */
export function isSameItems(one: Items, other: Items): boolean {
  return one[ITEM] === other[ITEM]
}

function toKept(key: string, { memory, taggedVersion, lastChange: last }: KeptMemory): [string, Kept][] {
  const { changes, retiring, cordoned, paused, bounds } = memory
  const kept: Kept = {
    ...(changes.length > 0 ? { changes: changes.map(toTuple) } : {}),
    ...(last ? { last: toTuple(last) } : {}),
    ...(retiring.length > 0 ? { retiring: retiring.map(toAskedTuple) } : {}),
    ...(cordoned.length > 0 ? { cordoned: cordoned.map(toAskedTuple) } : {}),
    ...(paused ? { paused } : {}),
    ...(bounds ? { bounds } : {}),
    ...(taggedVersion === undefined ? {} : { tagged: taggedVersion }),
  }
  return Object.keys(kept).length === 0 ? [] : [[key, kept]]
}

function fromKept(kept: z.output<typeof keptSchema>, now: number): KeptMemory {
  // Another machine's clock may be ahead: what lies in the future would hold for that much too long.
  const past = (at: number) => Math.min(at, now)
  const toAsked = ([allocation, since, startedAt]: readonly [string, number, ...number[]]): Asked => ({
    allocation,
    since: past(since),
    ...(startedAt === undefined ? {} : { startedAt }),
  })
  const toChange = ([at, from, to]: z.output<typeof change>) => ({ at: past(at), from, to })
  const { paused, bounds, last } = kept
  return {
    memory: {
      ...NO_MEMORY,
      changes: (kept.changes.length > 0 || !last ? kept.changes : [last]).map(toChange),
      retiring: kept.retiring.map(toAsked),
      cordoned: kept.cordoned.map(toAsked),
      ...(paused ? { paused: paused as NonNullable<GroupMemory['paused']> } : {}),
      ...(bounds ? { bounds: bounds as NonNullable<GroupMemory['bounds']> } : {}),
    },
    ...(kept.tagged === undefined ? {} : { taggedVersion: kept.tagged }),
    ...(last ? { lastChange: toChange(last) } : {}),
  }
}

function withoutChanges({ changes: _, ...rest }: Kept): Kept {
  return rest
}

function toAskedTuple({ allocation, since, startedAt }: Asked): [string, number, ...number[]] {
  return startedAt === undefined ? [allocation, since] : [allocation, since, startedAt]
}

function toTuple({ at, from, to }: CountChange): [number, number, number] {
  return [at, from, to]
}

/** Orders of people and promises to workers stand before all changes, and newer changes before older ones. */
function weight({ paused, bounds, retiring = [], cordoned = [], last }: Kept): number {
  if (paused ?? bounds) return Number.MAX_SAFE_INTEGER
  if (retiring.length + cordoned.length > 0) return Number.MAX_SAFE_INTEGER - 1
  return last?.[0] ?? 0
}

function toText(kept: readonly (readonly [string, Kept])[]): string {
  return JSON.stringify(Object.fromEntries(kept))
}

function fits(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_BYTES
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
