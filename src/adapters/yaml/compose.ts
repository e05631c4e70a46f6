import {
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml'
import { type Anchors, type ComposeState, type Frame, newFrame, placeOf, report } from './compose-state.ts'
import { addPair, readKey } from './map-entry.ts'
import type { YamlNode, YamlProblem, YamlScalar } from './node.ts'
import { resolvePlain } from './scalar.ts'
import { CORE_TYPES, convert, type Properties, readTag } from './tag.ts'

/** Values that aliases may add to a file: ten lines of them can otherwise stand for billions. */
export const MAX_ALIASED = 100_000

export interface ComposeOptions {
  /** Tags such as `!reset` that are kept for the caller; all others are problems. */
  readonly customTags: ReadonlySet<string>
  /** Added to every place. */
  readonly base?: number
  /** Anchors that may be used, of texts that stand before this one. */
  readonly anchors?: Anchors
}

export interface Composed {
  /** Undefined when the text holds nothing, or more aliases than may be followed. */
  readonly root: YamlNode | undefined
  readonly problems: readonly YamlProblem[]
  /** Anchors of this text, and the given ones that it uses. */
  readonly defined: Anchors
  readonly used: ReadonlyMap<string, YamlNode>
  /** How many values its aliases add. */
  readonly aliased: number
}

/**
 * Builds values with their places from the parser's events, in one pass. What is wrong with keys, tags and
 * aliases is reported and stepped over, so that everything else can still be checked.
 */
export function compose(text: string, events: readonly Event[], options: ComposeOptions): Composed {
  const { customTags, base = 0, anchors: known = new Map() } = options
  const lists = { frames: [], problems: [], defined: new Map(), used: new Map() }
  const state: ComposeState = {
    text,
    base,
    customTags,
    known,
    ...lists,
    aliased: 0,
    root: undefined,
    documents: 0,
    last: 0,
  }
  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) addScalar(state, event)
    else if (event.type === EVENT_ID.POP) closeFrame(state)
    else if (event.type === EVENT_ID.DOCUMENT) openDocument(state)
    else if (event.type !== EVENT_ID.ALIAS) openCollection(state, event)
    else if (!addAlias(state, event.anchorStart, event.anchorEnd)) {
      state.root = undefined
      break
    }
  }
  return state
}

function openDocument(state: ComposeState): void {
  state.documents++
  // The first document is what the user gets to see checked; its problem stands where the second begins.
  if (state.documents === 2) {
    const marker = state.text.slice(state.last).search(/^---/m)
    const problem = {
      message: 'the file holds more than one document',
      fix: 'remove "---" and what follows, or split the file',
    }
    state.problems.push({ code: 'yaml', path: [], ...problem, offset: state.last + Math.max(marker, 0) })
  }
  state.defined.clear()
  state.frames.push(newFrame('document', -1, false, undefined, undefined))
}

function openCollection(
  state: ComposeState,
  event: Event & { readonly start: number; readonly style: number } & Properties,
): void {
  const kind = event.type === EVENT_ID.MAPPING ? 'map' : 'list'
  const { tag, core } = readTag(state, event)
  if (core !== undefined && core !== (kind === 'map' ? 'map' : 'seq'))
    report(state, event.start, `this is a ${kind}, not ${CORE_TYPES[core]?.name}`)
  const anchor = readAnchor(state, event)
  if (anchor !== undefined) state.defined.set(anchor, undefined)
  state.last = Math.max(state.last, event.start)
  state.frames.push(newFrame(kind, event.start, event.style === COLLECTION_STYLE.FLOW, tag, anchor))
}

function closeFrame(state: ComposeState): void {
  const frame = state.frames.pop() as Frame
  if (frame.kind === 'document') return
  const { flow, tag, size } = frame
  const start = placeOf(state, frame.start)
  const node: YamlNode =
    frame.kind === 'map'
      ? { kind: 'map', value: frame.map, entries: frame.keys, start, flow, tag, size }
      : { kind: 'list', value: frame.list, entries: frame.items, start, flow, tag, size }
  if (frame.anchor !== undefined) state.defined.set(frame.anchor, node)
  addNode(state, node, frame.start, frame.start, -1)
}

function addScalar(state: ComposeState, event: ScalarEvent): void {
  const { valueStart, valueEnd, style } = event
  const empty = valueStart < 0
  const plain = style === SCALAR_STYLE.PLAIN
  const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED
  const written = empty
    ? ''
    : event.fast
      ? state.text.slice(valueStart, valueEnd)
      : getScalarValue(state.text, event)
  const start = quoted ? valueStart - 1 : valueStart
  const end = quoted ? valueEnd + 1 : valueEnd
  if (end > state.last) state.last = end
  let value: unknown = plain ? resolvePlain(written) : written
  let tag: string | undefined
  if (event.tagStart >= 0) {
    const read = readTag(state, event)
    tag = read.tag
    if (read.core !== undefined) value = convert(state, event.tagStart, read.core, written)
  }
  const node: YamlScalar = {
    kind: 'scalar',
    style: plain ? 'plain' : quoted ? 'quoted' : 'block',
    value,
    start: placeOf(state, start),
    end: placeOf(state, end),
    tag,
    size: 1,
  }
  if (event.anchorStart >= 0) state.defined.set(readAnchor(state, event) as string, node)
  addNode(state, node, start, end, -1)
}

/** False when following the alias would make the document too large. */
function addAlias(state: ComposeState, nameStart: number, end: number): boolean {
  const name = state.text.slice(nameStart, end)
  const start = nameStart - 1
  const own = state.defined.has(name)
  const node = (own ? state.defined : state.known).get(name)
  if (node && !own) state.used.set(name, node)
  state.last = Math.max(state.last, end)
  state.aliased += node?.size ?? 1
  if (state.aliased > MAX_ALIASED) {
    report(
      state,
      start,
      `aliases such as "*${name}" repeat more than ${MAX_ALIASED} values`,
      'write fewer nested aliases',
    )
    return false
  }
  if (!node) {
    if (own) report(state, start, `"*${name}" stands inside the value that "&${name}" names`)
    else report(state, start, `no "&${name}" stands before "*${name}"`, `quote a text that starts with "*"`)
  }
  const stand: YamlScalar = {
    kind: 'scalar',
    style: 'plain',
    value: null,
    start: placeOf(state, start),
    end: placeOf(state, end),
    tag: undefined,
    size: 1,
  }
  addNode(state, node ?? stand, start, end, start)
  return true
}

function addNode(state: ComposeState, node: YamlNode, start: number, end: number, aliasStart: number): void {
  const frame = state.frames.at(-1) as Frame
  const alias = placeOf(state, aliasStart)
  if (frame.kind === 'document') {
    if (state.documents === 1) state.root = node
  } else if (frame.kind === 'list') {
    frame.list.push(node.value)
    frame.items.push({ keyStart: -1, keyEnd: -1, node, alias })
    frame.size += node.size
  } else if (frame.key === undefined) {
    frame.keyStart = start
    frame.keyEnd = end
    frame.key = readKey(state, node, start, end)
  } else {
    const [keyStart, keyEnd] = [placeOf(state, frame.keyStart), placeOf(state, frame.keyEnd)]
    addPair(state, frame, { keyStart, keyEnd, node, alias })
    frame.size += node.size
    frame.key = undefined
  }
}

function readAnchor(state: ComposeState, event: Properties): string | undefined {
  return event.anchorStart < 0 ? undefined : state.text.slice(event.anchorStart, event.anchorEnd)
}
