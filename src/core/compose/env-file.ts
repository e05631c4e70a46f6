import type { Issue, Position } from '../issue.ts'
import { type Environment, type Parts, parseParts, resolveParts, toParts } from './parts.ts'

export interface EnvFileEntry {
  readonly name: string
  /** Absent: a bare name, whose value comes from the environment. */
  readonly parts?: Parts
  readonly position: Position
}

export interface EnvFile {
  readonly entries: readonly EnvFileEntry[]
  readonly issues: readonly Issue[]
}

/**
 * Reads the `.env` syntax of compose: comments, `export`, bare names, unquoted values with ` # comments`,
 * 'literal' and "escaped" values over several lines, `${V}` in unquoted and double-quoted ones. Messages
 * never show a value: it may be a secret.
 */
export function parseEnvFile(text: string, file: string): EnvFile {
  const entries: EnvFileEntry[] = []
  const issues: Issue[] = []
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const skipBlank = /[ \t\n]*/y
  let offset = 0
  let line = 1
  while (offset < source.length) {
    skipBlank.lastIndex = offset
    const start = offset + (skipBlank.exec(source)?.[0].length ?? 0)
    if (start >= source.length) break
    line += countLines(source, offset, start)
    const position = { file, line, column: start - source.lastIndexOf('\n', start - 1) }
    const read = readEntry(source, start)
    line += countLines(source, start, read.end)
    offset = read.end
    if (read.problem !== undefined) {
      issues.push({
        severity: 'error',
        code: 'env-file',
        path: [],
        message: read.problem,
        fix: read.fix,
        position,
      })
    } else if (read.name !== undefined) {
      entries.push({ name: read.name, ...(read.parts ? { parts: read.parts } : {}), position })
    }
  }
  return { entries, issues }
}

/**
 * The values of an env file's entries. `env` (the shell and earlier files) is looked at before the lines
 * above, as compose does; a bare name that it lacks is left out.
 */
export function resolveEnvFile(entries: readonly EnvFileEntry[], env: Environment): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { name, parts } of entries) {
    const value = parts ? resolveParts(parts, { ...values, ...env }) : env[name]
    if (value !== undefined) values[name] = value
  }
  return values
}

type Read = { readonly end: number } & (
  | { readonly name?: string; readonly parts?: Parts; readonly problem?: undefined }
  | { readonly problem: string; readonly fix: string; readonly name?: undefined }
)

function readEntry(source: string, start: number): Read {
  const lineEnd = endOfLine(source, start)
  const line = source.slice(start, lineEnd)
  if (line.startsWith('#')) return { end: lineEnd }
  const head = /^(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:([=:])[ \t]*|(?=#|$))/.exec(line)
  if (head?.[1] === undefined) {
    return { end: lineEnd, problem: 'this line is not NAME=value', fix: 'start a comment with #' }
  }
  const name = head[1]
  if (head[2] === undefined) return { end: lineEnd, name }
  const valueStart = start + head[0].length
  const quote = source[valueStart]
  if (quote === '"' || quote === "'") return readQuoted(source, valueStart, name, quote)
  const value = source
    .slice(valueStart, lineEnd)
    .replace(/(^|[ \t])#.*$/, '')
    .trim()
  return { end: lineEnd, ...expand(name, value) }
}

function readQuoted(source: string, start: number, name: string, quote: string): Read {
  let end = start + 1
  while (end < source.length && source[end] !== quote) end += quote === '"' && source[end] === '\\' ? 2 : 1
  if (end >= source.length) {
    return {
      end: endOfLine(source, start),
      problem: `the value of ${name} has no closing quote`,
      fix: `add ${quote}`,
    }
  }
  const inner = source.slice(start + 1, end)
  const after = endOfLine(source, end)
  const rest = source.slice(end + 1, after).trim()
  if (rest !== '' && !rest.startsWith('#')) {
    return { end: after, problem: `text follows the quoted value of ${name}`, fix: 'quote the whole value' }
  }
  if (quote === "'") return { end: after, name, parts: toParts(inner) }
  return { end: after, ...expand(name, withoutEscapes(inner)) }
}

/** `\$` becomes `$$`, which the interpolation then makes a plain dollar sign. */
function withoutEscapes(text: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', $: '$$' }
  return text.replace(/\\([\s\S])/g, (whole, character: string) =>
    '"\\'.includes(character) ? character : (escapes[character] ?? whole),
  )
}

type Expanded =
  | { readonly name: string; readonly parts: Parts }
  | { readonly problem: string; readonly fix: string }

function expand(name: string, value: string): Expanded {
  const parsed = parseParts(value)
  if (parsed.ok) return { name, parts: parsed.parts }
  return { problem: `the value of ${name} has a $ that starts no variable`, fix: "put it in 'single quotes'" }
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from)
  return end < 0 ? source.length : end
}

function countLines(source: string, from: number, to: number): number {
  let lines = 0
  for (let at = source.indexOf('\n', from); at >= 0 && at < to; at = source.indexOf('\n', at + 1)) lines++
  return lines
}
