import type { Document, LocateAt } from '../../core/document.ts'
import type { DocumentPath, Issue, Position } from '../../core/issue.ts'
import { type Comments, readComments } from './comments.ts'
import type { YamlEntry, YamlNode, YamlProblem } from './node.ts'

/** A file's values, and where and how each was written. */
export interface YamlDocument extends Document {
  /** Everything that is wrong with the file as YAML, with positions. */
  readonly issues: readonly Issue[]
  /** False when the text could not be read to its end: `value` is undefined and only `issues` count. */
  readonly readable: boolean
  /** `!override` or `!reset` before the value, when the document was read with those tags. */
  tagAt(path: DocumentPath): string | undefined
  /** The single value as it was typed, without quotes: `1.10` where the value is 1.1. */
  writtenAt(path: DocumentPath): string | undefined
  /** Comments of the entry; those at the head of the file for the empty path. */
  commentsAt(path: DocumentPath): Comments | undefined
}

const NO_COMMENTS: Comments = { before: [], heading: [], trailing: undefined }

export interface ReadYaml {
  readonly text: string
  readonly file: string
  readonly root: YamlNode | undefined
  readonly problems: readonly YamlProblem[]
  readonly readable: boolean
  /** Turns a node's place into an offset of the text, when they differ. */
  readonly offsetOf?: (place: number) => number
}

/** Wraps parsed nodes. Lines and columns are only counted when somebody asks for a position. */
export function toDocument({
  text,
  file,
  root,
  problems,
  readable,
  offsetOf = (place) => place,
}: ReadYaml): YamlDocument {
  let lines: readonly number[] | undefined
  const position = (offset: number): Position => {
    lines ??= lineStarts(text)
    const line = lastAtOrBelow(lines, offset)
    return { file, line: line + 1, column: offset - (lines[line] ?? 0) + 1 }
  }
  const at = (
    path: DocumentPath,
  ): { entry: YamlEntry | undefined; node: YamlNode | undefined } | undefined => {
    const { depth, entry } = root ? find(root, path) : NOT_FOUND
    return depth === path.length ? { entry, node: entry?.node ?? root } : undefined
  }
  return {
    file,
    value: root?.value ?? (readable ? null : undefined),
    readable,
    issues: problems.map(({ offset, ...problem }) => ({
      severity: 'error',
      ...problem,
      position: position(offset),
    })),
    locate(path, part) {
      if (!root) return position(0)
      const { depth, entry } = find(root, path)
      return position(
        offsetOf(Math.max(0, entry ? placeIn(entry, depth < path.length ? 'key' : part) : root.start)),
      )
    },
    tagAt: (path) => at(path)?.node?.tag,
    writtenAt(path) {
      const node = at(path)?.node
      if (node?.kind !== 'scalar') return undefined
      if (node.style !== 'plain') return String(node.value)
      return node.start < 0 ? '' : text.slice(offsetOf(node.start), offsetOf(node.end))
    },
    commentsAt(path) {
      const found = at(path)
      if (!found) return undefined
      if (!found.entry) return headOf(text)
      return readComments(text, offsetOf(placeIn(found.entry, 'key')), offsetOf(endOnLine(found.entry)))
    },
  }
}

const NOT_FOUND = { depth: -1, entry: undefined }

/** The last entry on the path, and how many parts of the path led to it. */
function find(root: YamlNode, path: DocumentPath): { depth: number; entry: YamlEntry | undefined } {
  let node = root
  let entry: YamlEntry | undefined
  for (const [depth, part] of path.entries()) {
    const next =
      node.kind === 'map'
        ? node.entries.get(String(part))
        : node.kind === 'list'
          ? node.entries[Number(part)]
          : undefined
    if (!next) return { depth, entry }
    entry = next
    node = next.node
  }
  return { depth: path.length, entry }
}

function placeIn({ keyStart, keyEnd, alias, node }: YamlEntry, part: LocateAt | undefined): number {
  const inline = node.kind === 'scalar' && node.style !== 'block'
  if (keyStart >= 0 && (part === 'key' || (part === undefined && !inline))) return keyStart
  if (alias >= 0) return alias
  return node.start >= 0 ? node.start : keyEnd
}

/** Behind the last thing known on the entry's line: its value, or its key when the value starts below. */
function endOnLine({ node, alias, keyEnd }: YamlEntry): number {
  if (alias >= 0) return alias + 1
  if (node.kind === 'scalar' && node.style !== 'block' && node.end >= 0) return node.end
  if (node.kind !== 'scalar' && node.flow) return Math.max(lastEnd(node), node.start + 1)
  return keyEnd >= 0 ? keyEnd : Math.max(node.start, 0)
}

function lastEnd(node: YamlNode): number {
  if (node.kind === 'scalar') return node.end
  let end = node.start + 1
  for (const entry of node.entries.values()) {
    end = Math.max(end, entry.keyEnd, entry.alias >= 0 ? entry.alias : lastEnd(entry.node))
  }
  return end
}

/** The comments that open the file, up to the first empty line or value. */
function headOf(text: string): Comments {
  const lines = /^(?:#.*\r?\n)*/.exec(text)?.[0].trimEnd().split(/\r?\n/) ?? []
  return {
    ...NO_COMMENTS,
    before: lines.filter((line) => line !== '').map((line) => line.replace(/^#[ \t]?/, '').trimEnd()),
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  // YAML also breaks lines at a lone carriage return, but no editor counts those.
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lastAtOrBelow(sorted: readonly number[], offset: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((sorted[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
