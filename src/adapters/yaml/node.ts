/**
 * A YAML value with the place it was written at. A place is an offset, in UTF-16 units, into the text that was
 * parsed, plus the `base` that the caller gave that text.
 */
export type YamlNode = YamlScalar | YamlMap | YamlList

interface YamlNodeBase {
  readonly value: unknown
  /** First character; -1 when nothing is written (`key:`). */
  readonly start: number
  /** `!override` or `!reset`, in compose files. */
  readonly tag: string | undefined
  /** How many values this is, aliases counted as if they were written out. */
  readonly size: number
}

export interface YamlScalar extends YamlNodeBase {
  readonly kind: 'scalar'
  readonly style: 'plain' | 'quoted' | 'block'
  /** Just past the last character. */
  readonly end: number
}

export interface YamlMap extends YamlNodeBase {
  readonly kind: 'map'
  readonly value: Record<string, unknown>
  readonly flow: boolean
  readonly entries: ReadonlyMap<string, YamlEntry>
}

export interface YamlList extends YamlNodeBase {
  readonly kind: 'list'
  readonly value: unknown[]
  readonly flow: boolean
  readonly entries: readonly YamlEntry[]
}

/** A key with its value, or a list item, whose key places are -1. */
export interface YamlEntry {
  readonly keyStart: number
  readonly keyEnd: number
  readonly node: YamlNode
  /** Where `*name` stands when the node was written elsewhere; else -1. */
  readonly alias: number
}

/** A problem at an offset of the parsed text. */
export interface YamlProblem {
  readonly code: 'yaml' | 'duplicate-key' | 'bad-key'
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly fix?: string
  readonly offset: number
}
