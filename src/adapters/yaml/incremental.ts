import { type Composed, compose, MAX_ALIASED } from './compose.ts'
import type { YamlEntry, YamlMap, YamlNode } from './node.ts'
import { type Range, type Section, splitSections } from './split.ts'
import { MAX_DEPTH, readEvents } from './syntax.ts'

/** A piece of text that was read alone and holds exactly one key. */
interface Piece extends Pick<Composed, 'defined' | 'used' | 'aliased'> {
  /** Every place in it is `number * SPAN` plus an offset of the piece's own text. */
  readonly number: number
  readonly key: string
  readonly entry: YamlEntry
}

/** Longer than any piece. */
const SPAN = 2 ** 22

export interface PieceCache {
  /** By section and text. */
  readonly pieces: ReadonlyMap<string, Piece>
  /** Numbers up to this one are taken. */
  readonly last: number
}

export interface PiecedYaml {
  readonly root: YamlNode
  readonly cache: PieceCache
  readonly offsetOf: (place: number) => number
}

/**
 * Reads a text piece by piece, taking unchanged pieces from the cache, so that the values of unchanged
 * entries are the very same objects as before. A piece that uses an anchor is read again when what the anchor
 * names was. Undefined when the text has to be read as a whole: it is not of the usual shape, or there is
 * something to report.
 */
export function composePieces(
  text: string,
  customTags: ReadonlySet<string>,
  cache: PieceCache,
): PiecedYaml | undefined {
  const sections = text.length < SPAN ? splitSections(text) : undefined
  const first = sections?.[0]
  if (!sections || !first) return undefined
  const fresh = new Map<string, Piece>()
  const starts = new Map<number, number>()
  const anchors = new Map<string, YamlNode | undefined>()
  let { last } = cache
  let aliased = 0
  const read = (range: Range, section: string): Piece | undefined => {
    const part = text.slice(range.start, range.end)
    const name = `${section}\n${part}`
    const kept = cache.pieces.get(name)
    const piece =
      kept && usesStand(kept, anchors)
        ? kept
        : readPiece(part, section === '' ? MAX_DEPTH : MAX_DEPTH - 1, customTags, anchors, ++last)
    if (!piece || fresh.has(name)) return undefined
    fresh.set(name, piece)
    starts.set(piece.number, range.start)
    for (const [anchor, node] of piece.defined) anchors.set(anchor, node)
    aliased += piece.aliased
    return piece
  }
  const root = newMap(first.start)
  for (const section of sections) {
    const piece = section.entries ? readEntries(text, section, read) : read(section, '')
    if (!piece || !addEntry(root, piece) || aliased > MAX_ALIASED) return undefined
  }
  const offsetOf = (place: number): number => (starts.get(Math.floor(place / SPAN)) ?? 0) + (place % SPAN)
  return { root, cache: { pieces: fresh, last }, offsetOf }
}

/** A section whose entries are pieces; its own places have the number 0, which starts at the text's start. */
function readEntries(
  text: string,
  { start, keyLength, entries = [] }: Section,
  read: (range: Range, section: string) => Piece | undefined,
): Pick<Piece, 'key' | 'entry'> | undefined {
  const keyEnd = start + keyLength
  const key = text.slice(start, keyEnd)
  const map = newMap(-1)
  for (const range of entries) {
    const piece = read(range, key)
    if (!piece || !addEntry(map, piece)) return undefined
  }
  const nothing: YamlNode = {
    kind: 'scalar',
    style: 'plain',
    value: null,
    start: -1,
    end: -1,
    tag: undefined,
    size: 1,
  }
  const first = map.entries.values().next().value
  return {
    key,
    entry: { keyStart: start, keyEnd, node: first ? { ...map, start: first.keyStart } : nothing, alias: -1 },
  }
}

function usesStand(piece: Piece, anchors: ReadonlyMap<string, YamlNode | undefined>): boolean {
  for (const [name, node] of piece.used) if (anchors.get(name) !== node) return false
  return true
}

function readPiece(
  part: string,
  maxDepth: number,
  customTags: ReadonlySet<string>,
  anchors: ReadonlyMap<string, YamlNode | undefined>,
  number: number,
): Piece | undefined {
  const events = readEvents(part, maxDepth)
  if ('problems' in events) return undefined
  const base = number * SPAN
  const { root, problems, defined, used, aliased } = compose(part, events.events, {
    customTags,
    base,
    anchors,
  })
  const sound = problems.length === 0 && root?.kind === 'map' && !root.flow && root.tag === undefined
  if (!sound || root.entries.size !== 1) return undefined
  // A key that stands elsewhere came from a merge, or follows "?".
  for (const [key, entry] of root.entries)
    return entry.keyStart === root.start ? { number, key, entry, defined, used, aliased } : undefined
  return undefined
}

type GrowingMap = YamlMap & { readonly entries: Map<string, YamlEntry> }

function newMap(start: number): GrowingMap {
  return { kind: 'map', value: {}, entries: new Map(), start, flow: false, tag: undefined, size: 1 }
}

function addEntry(map: GrowingMap, { key, entry }: Pick<Piece, 'key' | 'entry'>): boolean {
  if (map.entries.has(key)) return false
  map.entries.set(key, entry)
  map.value[key] = entry.node.value
  return true
}
