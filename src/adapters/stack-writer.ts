import type { StackMap, StackTree, StackValue } from '../core/import/tree.ts'
import type { DocumentPath } from '../core/issue.ts'
import { flowText, isFlow } from './stack-writer/flow.ts'
import { keyText, literalBlock, plainOrQuoted } from './stack-writer/scalar.ts'

/** Lines of flow collections and comments are no longer than this, where that is possible. */
const WIDTH = 110

/**
 * A stack file as text: blocks, with short maps and lists on one line, and a blank line between the sections
 * and between jobs. Reading it back gives the same value.
 */
export function writeStackText({ value, comments }: StackTree): string {
  const texts = new Map<string, string[]>()
  for (const { path, text } of comments) {
    const id = JSON.stringify(path)
    texts.set(id, [...(texts.get(id) ?? []), ...text.split('\n')])
  }
  const commented = comments.map(({ path }) => path)
  const writer: Writer = {
    commentsAt: (path) => texts.get(JSON.stringify(path)) ?? [],
    hasCommentsIn: (path) => commented.some((other) => other.length > path.length && isBelow(other, path)),
  }
  const head = writer.commentsAt([]).flatMap((line) => wrapped(line, 0))
  const lines = [...head, ...mapLines(writer, value, 0, [])]
  return `${lines.join('\n')}\n`
}

interface Writer {
  commentsAt(path: DocumentPath): readonly string[]
  hasCommentsIn(path: DocumentPath): boolean
}

function mapLines(writer: Writer, map: StackMap, indent: number, path: DocumentPath): string[] {
  const entries = Object.entries(map)
  return entries.flatMap(([key, value], index) => {
    const here = [...path, key]
    const own = entryLines(writer, `${' '.repeat(indent)}${keyText(key)}:`, value, indent, here)
    const blank = index > 0 && isSpaced(here, value) && !keepsBlanks(entries[index - 1]?.[1])
    return [...(blank ? [''] : []), ...commentLines(writer, here, indent), ...own]
  })
}

/** After a text that ends in empty lines one more would belong to it. */
function keepsBlanks(value: StackValue | undefined): boolean {
  if (typeof value === 'string') return value.endsWith('\n\n')
  if (typeof value !== 'object' || value === null) return false
  return keepsBlanks(Object.values(value).at(-1) as StackValue | undefined)
}

/** A blank line stands before each section and each job. */
function isSpaced(path: DocumentPath, value: StackValue): boolean {
  if (path.length === 1) return typeof value === 'object'
  return path.length === 2 && ['services', 'workers', 'batch', 'system', 'periodic'].includes(String(path[0]))
}

/** `head` and the value behind it, or below it. */
function entryLines(
  writer: Writer,
  head: string,
  value: StackValue,
  indent: number,
  path: DocumentPath,
): string[] {
  if (typeof value !== 'object' || value === null) return scalarLines(head, value, indent)
  const inline = `${head} ${flowText(value)}`
  const mayFlow = isFlow(value, path) && !writer.hasCommentsIn(path)
  if (Object.keys(value).length === 0 || (mayFlow && inline.length <= WIDTH)) return [inline]
  if (Array.isArray(value)) return [head, ...listLines(writer, value, indent + 2, path)]
  return [head, ...mapLines(writer, value as StackMap, indent + 2, path)]
}

function listLines(
  writer: Writer,
  list: readonly StackValue[],
  indent: number,
  path: DocumentPath,
): string[] {
  const dash = `${' '.repeat(indent)}-`
  return list.flatMap((item, index) => {
    const here = [...path, index]
    const comments = commentLines(writer, here, indent)
    const lines = entryLines(writer, dash, item, indent, here)
    // A map or list below the dash starts behind it.
    if (lines.length < 2 || lines[0] !== dash) return [...comments, ...lines]
    const [first = '', ...others] = lines.slice(1)
    if (first.trimStart().startsWith('#')) return [...comments, ...lines]
    return [...comments, `${dash} ${first.trimStart()}`, ...others]
  })
}

function scalarLines(head: string, value: string | number | boolean | null, indent: number): string[] {
  if (typeof value !== 'string') return [`${head} ${value === null ? 'null' : String(value)}`]
  const block = literalBlock(value, indent + 2)
  if (block) return [`${head} ${block.indicator}`, ...block.lines]
  return [`${head} ${plainOrQuoted(value, 'block')}`]
}

function commentLines(writer: Writer, path: DocumentPath, indent: number): string[] {
  return writer.commentsAt(path).flatMap((line) => wrapped(line, indent))
}

function wrapped(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').split(' ')) {
    if (line !== '' && indent + 3 + line.length + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((part) => `${' '.repeat(indent)}# ${part}`.trimEnd())
}

function isBelow(path: DocumentPath, above: DocumentPath): boolean {
  return above.every((part, index) => path[index] === part)
}
