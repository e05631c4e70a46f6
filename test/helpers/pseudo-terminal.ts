import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { waitUntil } from './wait-until.ts'

/** A program in a real terminal, as its user has it. Needs python3. */
export interface PseudoTerminal {
  /** All that was written to it so far. */
  written(): string
  /** What one who looks sees: the lines of the screen. Throws while something is written that it does not know. */
  screen(): string[]
  type(keys: string): void
  resize(columns: number, rows: number): void
  signal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR2'): void
  until(pattern: RegExp): Promise<void>
  /** The exit code, or minus the signal's number; and whether the terminal's settings are those of before. */
  readonly ended: Promise<{ readonly code: number; readonly isRestored: boolean }>
}

export const hasPseudoTerminal = spawnSync('python3', ['-c', 'import pty, termios']).status === 0

export function runInTerminal(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  size: { readonly columns: number; readonly rows: number },
): PseudoTerminal {
  const child = spawn(
    'python3',
    [join(import.meta.dirname, 'pseudo-terminal.py'), String(size.columns), String(size.rows), ...command],
    { env, stdio: ['pipe', 'pipe', 'inherit'] },
  )
  let bytes = Buffer.alloc(0)
  let end: { code: number; isRestored: boolean } | undefined
  let rows = size.rows
  let sizedAt = 0
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    rest += text
    for (let line = rest.indexOf('\n'); line >= 0; line = rest.indexOf('\n')) {
      const told = JSON.parse(rest.slice(0, line))
      rest = rest.slice(line + 1)
      if (told.output !== undefined) bytes = Buffer.concat([bytes, Buffer.from(told.output, 'base64')])
      else end = told
    }
  })
  const tell = (order: object) => child.stdin.write(`${JSON.stringify(order)}\n`)
  const written = () => bytes.toString('utf8')
  const screen = () => screenOf(written().slice(sizedAt), rows)
  return {
    written,
    screen,
    type: (keys) => tell({ keys }),
    resize(columns, newRows) {
      rows = newRows
      sizedAt = written().length
      tell({ columns, rows: newRows })
    },
    signal: (signal) => tell({ signal }),
    until: async (pattern) => {
      const find = async () => pattern.test(screen().join('\n')) || undefined
      await waitUntil(`${pattern} is seen`, find, { everyMs: 20, withinMs: 15_000 }).catch((cause) => {
        throw new Error(`${cause.message}:\n${JSON.stringify(written().slice(-2000))}`, { cause })
      })
    },
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', () => (end ? resolve(end) : reject(new Error(`no end was told: ${written()}`))))
    }),
  }
}

/** As much of a terminal as is used: whole lines put in their place, and a cleared screen. */
function screenOf(text: string, rows: number): string[] {
  const lines: string[] = Array.from({ length: rows }, () => '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal obeys
  for (const part of text.split(/(?=\u001b\[2J|\u001b\[\d+;1H)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal obeys
    const [, row, line = ''] = /^\u001b\[(\d+);1H\u001b\[2K([^\u001b\r\n]*)/.exec(part) ?? []
    if (part.startsWith('\u001b[2J')) lines.fill('')
    else if (row !== undefined) lines[Number(row) - 1] = line
  }
  return lines
}
