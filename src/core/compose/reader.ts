import { type DocumentPath, formatPath, type Issue } from '../issue.ts'
import { parseComposeBytes, parseDurationMs } from '../units.ts'
import type { Sourced } from './model.ts'
import { type ComposeMap, type ComposeNode, childOf, isNull } from './node.ts'
import { type Environment, missingVariables, type Parts, resolveParts, toParts } from './parts.ts'

/** Reads typed values out of a checked, merged map; what does not fit becomes an issue and is left out. */
export interface MapReader {
  readonly node: ComposeNode | undefined
  readonly path: DocumentPath
  has(key: string): boolean
  /** A text whose variables are kept. */
  text(key: string): Sourced<Parts> | undefined
  /** A text with its variables resolved. */
  word(key: string): Sourced<string> | undefined
  number(key: string): Sourced<number> | undefined
  flag(key: string): Sourced<boolean> | undefined
  bytes(key: string): Sourced<number> | undefined
  durationMs(key: string): Sourced<number> | undefined
  list<T>(key: string, read: (item: ItemReader) => T | undefined): Sourced<T>[]
  record<T>(key: string, read: (item: ItemReader) => T | undefined): Record<string, Sourced<T>>
  texts(key: string): Sourced<Parts>[]
  /** `K: V`; null stands for no value. */
  pairs(key: string): Record<string, Sourced<Parts | null>>
  child(key: string): MapReader
  source<T>(key: string, value: T): Sourced<T>
  fail(key: string, message: string, fix?: string): undefined
}

/** One list item or one entry of a map whose keys the author chose. */
export interface ItemReader {
  readonly node: ComposeNode
  readonly path: DocumentPath
  /** The whole item as text; empty for maps. */
  readonly parts: Parts
  readonly text: string
  /** The item's own keys, when it is a map. */
  readonly map: MapReader
  fail(message: string, fix?: string): undefined
}

export interface ReaderContext {
  readonly env: Environment
  readonly issues: Issue[]
}

export function readerOf(
  node: ComposeNode | undefined,
  path: DocumentPath,
  context: ReaderContext,
): MapReader {
  const at = (key: string): ComposeNode | undefined => {
    const child = childOf(node, key)
    return child && !isNull(child) ? child : undefined
  }
  const item = (child: ComposeNode, ...keys: (string | number)[]) =>
    itemReader(child, [...path, ...keys], context)
  const convert = <T>(
    key: string,
    to: (text: string) => T | undefined,
    what: string,
  ): Sourced<T> | undefined => {
    const child = at(key)
    if (!child || isBlank(child, context.env)) return undefined
    const reader = item(child, key)
    const value = to(reader.text)
    if (value === undefined) return reader.fail(`"${reader.text}" is not ${what}`)
    return sourced(value, child, [...path, key])
  }
  const reader: MapReader = {
    node,
    path,
    has: (key) => at(key) !== undefined,
    text(key) {
      const child = at(key)
      return child && sourced(partsOf(child), child, [...path, key])
    },
    word: (key) => convert(key, (text) => text, 'text'),
    number: (key) => convert(key, toNumber, 'a number'),
    flag: (key) => convert(key, toFlag, 'true or false'),
    bytes: (key) => convert(key, attempt(parseComposeBytes), 'a size such as "512m" or "2g"'),
    durationMs: (key) => convert(key, attempt(parseDurationMs), 'a duration such as "30s" or "1m30s"'),
    list(key, read) {
      const child = at(key)
      if (child?.kind !== 'list') return []
      return child.items.flatMap((node, index) => {
        const value = read(item(node, key, index))
        return value === undefined ? [] : [sourced(value, node, [...path, key, index])]
      })
    },
    record<T>(key: string, read: (item: ItemReader) => T | undefined) {
      const child = at(key)
      const entries = child?.kind === 'map' ? [...child.entries] : []
      const values = entries.flatMap(([name, node]): [string, Sourced<T>][] => {
        const value =
          name.startsWith('x-') && node.kind !== 'scalar' ? undefined : read(item(node, key, name))
        return value === undefined ? [] : [[name, sourced(value, node, [...path, key, name])]]
      })
      return Object.fromEntries(values)
    },
    texts: (key) => reader.list(key, ({ parts }) => parts),
    pairs: (key) => reader.record(key, ({ node, parts }) => (isNull(node) ? null : parts)),
    child: (key) => readerOf(at(key), [...path, key], context),
    source(key, value) {
      const child = at(key) as ComposeMap
      return sourced(value, child, [...path, key])
    },
    fail(key, message, fix) {
      const child = at(key)
      return child && item(child, key).fail(message, fix)
    },
  }
  return reader
}

/** The value with the key it stands at: within its service, or from the top. */
export function sourced<T>(value: T, node: ComposeNode, path: DocumentPath): Sourced<T> {
  const comment = node.comment === undefined ? {} : { comment: node.comment }
  return { value, key: composeKeyOf(path), position: node.position, ...comment }
}

/** The name of a path in reports: the part behind the service's name, or all of it. */
export function composeKeyOf(path: DocumentPath): string {
  return formatPath(path[0] === 'services' && path.length > 2 ? path.slice(2) : path)
}

export function partsOf(node: ComposeNode): Parts {
  if (node.kind !== 'scalar' || node.value === null) return []
  return node.parts ?? toParts(String(node.value))
}

function itemReader(node: ComposeNode, path: DocumentPath, context: ReaderContext): ItemReader {
  const parts = partsOf(node)
  return {
    node,
    path,
    parts,
    text: resolveParts(parts, context.env),
    map: readerOf(node, path, context),
    fail(message, fix) {
      const said = { message, ...(fix === undefined ? {} : { fix }) }
      context.issues.push({
        severity: 'error',
        code: 'compose-value',
        path,
        ...said,
        position: node.position,
      })
    },
  }
}

/** Blank for want of a variable, which has been reported already. */
function isBlank(node: ComposeNode, env: Environment): boolean {
  const parts = partsOf(node)
  return resolveParts(parts, env) === '' && missingVariables(parts, env).length > 0
}

function toNumber(text: string): number | undefined {
  const value = Number(text)
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value
}

function toFlag(text: string): boolean | undefined {
  if (/^(?:true|t|y|yes|on|1)$/i.test(text)) return true
  return /^(?:false|f|n|no|off|0)$/i.test(text) ? false : undefined
}

function attempt(parse: (text: string) => number): (text: string) => number | undefined {
  return (text) => {
    try {
      return parse(text)
    } catch (error) {
      if (error instanceof RangeError) return undefined
      throw error
    }
  }
}
