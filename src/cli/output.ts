import { createColors } from 'picocolors'
import { formatIssue, type Issue } from '../core/issue.ts'
import { stableJson } from './stable-json.ts'

/** What of a stream is used: a process's, or a test's own. */
export interface TextStream {
  readonly isTTY?: boolean
  /** Width in characters, of a terminal. */
  readonly columns?: number
  write(text: string): unknown
}

export type Colors = ReturnType<typeof createColors>

export interface OutputOptions {
  readonly stdout: TextStream
  readonly stderr: TextStream
  /** Machine output: JSON on both streams, no words. */
  readonly json: boolean
  /** Colour where a stream is a terminal. */
  readonly allowColor: boolean
}

export interface TableOptions {
  readonly head: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** Columns set to the right, by index. Default: those that hold numbers only. */
  readonly right?: readonly number[]
}

/** Data goes to stdout, words about it to stderr, so that a pipe carries data only. */
export interface Output {
  /** Colours for stdout and for stderr; they return the text unchanged where colour is not wanted. */
  readonly colors: Colors
  readonly wordColors: Colors
  /** Characters in a line of stdout. */
  readonly width: number
  /** Writes data as it is, without adding a line end. */
  data(text: string): void
  /** Writes to stderr as it is, even with --json. */
  words(text: string): void
  /** Writes one line of words; nothing with --json. */
  say(line: string): void
  /** Writes a value as JSON data, keys sorted, ending in a line end. */
  printJson(value: unknown): void
  /** Writes a table as data: spaces between columns, no lines, as kubectl and nomad do. */
  printTable(table: TableOptions): Promise<void>
  /** Writes issues as words, errors first, and a line that counts them; with --json one line of JSON. */
  printIssues(issues: readonly Issue[]): void
}

export function createOutput({ stdout, stderr, json, allowColor }: OutputOptions): Output {
  const colors = createColors(allowColor && stdout.isTTY === true)
  const wordColors = createColors(allowColor && stderr.isTTY === true)
  return {
    colors,
    wordColors,
    width: stdout.columns ?? 100,
    data: (text) => void stdout.write(text),
    words: (text) => void stderr.write(text),
    say: (line) => void (json || stderr.write(`${line}\n`)),
    printJson: (value) => void stdout.write(`${stableJson(value, 2)}\n`),
    async printTable(table) {
      const { formatTable } = await import('./table.ts')
      stdout.write(formatTable(table, colors))
    },
    printIssues(issues) {
      if (issues.length === 0) return
      const sorted = sortIssues(issues)
      stderr.write(json ? `${stableJson({ issues: sorted })}\n` : wordsOf(sorted, wordColors))
    },
  }
}

/** Errors before warnings, then in reading order of the files. */
export function sortIssues(issues: readonly Issue[]): Issue[] {
  return [...issues].sort(
    (a, b) =>
      Number(a.severity === 'warning') - Number(b.severity === 'warning') ||
      compare(a.position?.file ?? '', b.position?.file ?? '') ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  )
}

/** A warning ends in its code, which silences it in the stack file. */
function wordsOf(issues: readonly Issue[], colors: Colors): string {
  const lines = issues.map((issue) =>
    issue.severity === 'error'
      ? colors.red(formatIssue(issue))
      : `${colors.yellow(formatIssue(issue))} ${colors.dim(`[${issue.code}]`)}`,
  )
  const errors = issues.filter((issue) => issue.severity === 'error').length
  return `${[...lines, counted(errors, issues.length - errors)].join('\n')}\n`
}

function counted(errors: number, warnings: number): string {
  const parts = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : '']
  return parts.filter(Boolean).join(', ')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
