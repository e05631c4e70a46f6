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
  /** Whether a person looks at stdout. */
  readonly isTerminal: boolean
  /** Writes data as it is, without adding a line end. */
  data(text: string): void
  /** Writes to stderr as it is, even with --json. */
  words(text: string): void
  /** Writes one line of words; nothing with --json. */
  say(line: string): void
  /**
   * Shows what goes on, on a terminal only, in one line that the next one replaces and any other output clears; an
   * empty one clears it. Nothing when stderr is piped, and with --json.
   */
  progress(line: string): void
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
  let hasProgress = false
  const clear = (): void => {
    if (hasProgress) stderr.write(CLEAR_LINE)
    hasProgress = false
  }
  const data = (text: string): void => {
    clear()
    stdout.write(text)
  }
  const words = (text: string): void => {
    clear()
    stderr.write(text)
  }
  return {
    colors,
    wordColors,
    width: stdout.columns ?? 100,
    isTerminal: stdout.isTTY === true,
    data,
    words,
    say: (line) => void (json || words(`${line}\n`)),
    progress(line) {
      if (json || stderr.isTTY !== true) return
      if (line === '') return clear()
      // A line that wraps could not be rewritten.
      stderr.write(CLEAR_LINE + line.slice(0, Math.max(0, (stderr.columns ?? 80) - 1)))
      hasProgress = true
    },
    printJson: (value) => data(`${stableJson(value, 2)}\n`),
    async printTable(table) {
      const { formatTable } = await import('./table.ts')
      data(formatTable(table, colors))
    },
    printIssues(issues) {
      if (issues.length === 0) return
      const sorted = sortIssues(issues)
      words(json ? `${stableJson({ issues: sorted })}\n` : wordsOf(sorted, wordColors))
    },
  }
}

const CLEAR_LINE = '\r\u001b[2K'

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
