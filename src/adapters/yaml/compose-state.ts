import type { YamlEntry, YamlNode, YamlProblem } from './node.ts'

/** More than anyone reads; a broken file can have one in every line. */
export const MAX_PROBLEMS = 100

/** What one pass over the events keeps. */
export interface ComposeState {
  readonly text: string
  readonly base: number
  readonly customTags: ReadonlySet<string>
  readonly frames: Frame[]
  /** Anchors of texts that stand before this one. */
  readonly known: Anchors
  /** Anchors of this text; undefined while the anchored value is still being read. */
  readonly defined: Map<string, YamlNode | undefined>
  /** Of the known ones, those that were used. */
  readonly used: Map<string, YamlNode>
  readonly problems: YamlProblem[]
  aliased: number
  root: YamlNode | undefined
  documents: number
  /** Furthest offset seen. */
  last: number
}

export type Anchors = ReadonlyMap<string, YamlNode | undefined>

/** A document, map or list that is being filled. Its offsets are those of the text, without the base. */
export interface Frame {
  readonly kind: 'document' | 'map' | 'list'
  readonly start: number
  readonly flow: boolean
  readonly tag: string | undefined
  readonly anchor: string | undefined
  readonly map: Record<string, unknown>
  readonly keys: Map<string, YamlEntry>
  readonly list: unknown[]
  readonly items: YamlEntry[]
  /** Keys that `<<` brought: a written key replaces them. */
  merged: Set<string> | undefined
  key: string | typeof MERGE | typeof DROPPED | undefined
  keyStart: number
  keyEnd: number
  size: number
}

/** The key `<<`. */
export const MERGE = Symbol('<<')
/** A key that is dropped with its value, after its problem was reported. */
export const DROPPED = Symbol('dropped')

/** The place of an offset; -1 stays, for what is not written. */
export function placeOf(state: ComposeState, offset: number): number {
  return offset < 0 ? -1 : offset + state.base
}

/** Notes a problem at an offset, with the path that is being read. */
export function report(
  state: ComposeState,
  offset: number,
  message: string,
  fix?: string,
  code: YamlProblem['code'] = 'yaml',
): void {
  if (state.problems.length >= MAX_PROBLEMS) return
  const path: (string | number)[] = []
  for (const frame of state.frames) {
    if (frame.kind === 'list') path.push(frame.items.length)
    else if (typeof frame.key === 'string') path.push(frame.key)
  }
  // A missing key or value has no offset of its own: the problem stands behind what was read last.
  state.problems.push({
    code,
    path,
    message,
    ...(fix === undefined ? {} : { fix }),
    offset: offset < 0 ? state.last : offset,
  })
}

export function newFrame(
  kind: Frame['kind'],
  start: number,
  flow: boolean,
  tag: string | undefined,
  anchor: string | undefined,
): Frame {
  return {
    kind,
    start,
    flow,
    tag,
    anchor,
    map: {},
    keys: new Map(),
    list: [],
    items: [],
    merged: undefined,
    key: undefined,
    keyStart: -1,
    keyEnd: -1,
    size: 1,
  }
}
