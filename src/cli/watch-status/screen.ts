import { emitKeypressEvents, type Key } from 'node:readline'
import type { Size } from './frame.ts'

export interface ScreenListener {
  /** As node:readline names it: `j`, `up`, `return`. */
  key(name: string): void
  resized(): void
}

export interface Screen {
  size(): Size
  /** Shows these lines; what is there already is not written again. */
  draw(lines: readonly string[]): void
  /** Puts the terminal back as it was. */
  close(): void
}

export type OpenScreen = (listener: ScreenListener) => Promise<Screen>

/**
 * The whole terminal, until it is closed or the process ends, whatever ends it. Without a keyboard (stdin is no
 * terminal) it only shows.
 */
export function openScreen(process: NodeJS.Process, listener: ScreenListener): Screen {
  const { stdin, stdout } = process
  let shown: readonly string[] = []
  /** Written with the next frame, in one piece: an empty screen is not seen. */
  let clear = ''
  let isOpen = true

  const onKey = (_: string | undefined, { name, ctrl }: Key): void => {
    // A terminal that hands over every key makes no signal of this one.
    if (ctrl && name === 'c') process.kill(process.pid, 'SIGINT')
    else if (name !== undefined && !ctrl) listener.key(name)
  }
  const onResize = (): void => {
    shown = []
    clear = CLEAR
    listener.resized()
  }
  const onSignal = (signal: NodeJS.Signals): void => {
    close()
    // Nobody listens any more: it ends the process, and says why.
    process.kill(process.pid, signal)
  }

  function close(): void {
    if (!isOpen) return
    isOpen = false
    for (const signal of SIGNALS) process.off(signal, onSignal)
    process.off('exit', close)
    process.off('uncaughtExceptionMonitor', close)
    stdout.off('resize', onResize)
    if (stdin.isTTY) {
      stdin.off('keypress', onKey)
      stdin.setRawMode(false)
      stdin.pause()
    }
    stdout.write(LEAVE)
  }

  for (const signal of SIGNALS) process.on(signal, onSignal)
  process.on('exit', close)
  // Before the error is printed, which would be gone with the screen.
  process.on('uncaughtExceptionMonitor', close)
  stdout.on('resize', onResize)
  stdout.write(ENTER)
  if (stdin.isTTY) {
    emitKeypressEvents(stdin)
    stdin.setRawMode(true)
    stdin.on('keypress', onKey)
    stdin.resume()
  }
  return {
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    draw(lines) {
      if (!isOpen) return
      const changes = Array.from({ length: Math.max(lines.length, shown.length) }, (_, row) => {
        const line = lines[row] ?? ''
        return line === shown[row] ? '' : `\u001b[${row + 1};1H\u001b[2K${line}`
      }).join('')
      shown = [...lines]
      // Terminals that know how show all of it at once.
      if (changes !== '') stdout.write(`\u001b[?2026h${clear}${changes}\u001b[?2026l`)
      clear = ''
    },
    close,
  }
}

const SIGNALS = ['SIGTERM', 'SIGHUP'] as const
const CLEAR = '\u001b[2J'
/** The other screen, without a cursor; a line that is too long is cut and not continued. */
const ENTER = `\u001b[?1049h\u001b[?25l\u001b[?7l${CLEAR}`
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l'
