import { age } from '../age.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { statusLines } from '../status-lines.ts'
import { BAR_LEGEND } from './bar.ts'
import { cutTo, widthOf, wrap } from './fill-to.ts'
import { groupTable } from './group-table.ts'
import { chosenIndex, type WatchState } from './state.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

/**
 * What the screen shows, at most so many lines of at most so many columns: what is wrong, the groups, and below them
 * what happens, or why. The less room there is, the less of each.
 */
export function frame(state: WatchState, { columns, rows }: Size, colors: Colors): string[] {
  const body = Math.max(0, rows - 2)
  const banner = bannerLines(state, columns, Math.max(1, Math.floor(body / 4)), colors)
  const left = body - banner.length
  const wanted = state.status.groups.length + 1
  const share = state.why === undefined ? 0.6 : 0.35
  const room = Math.min(wanted, Math.max(2, Math.floor(left * share)))
  // A heading with nothing below says nothing.
  const tableRows = left - room < 2 ? Math.min(wanted, left) : room
  return [
    titleLine(state, columns, colors),
    ...banner,
    ...groupTable(state, columns, tableRows, colors).slice(0, tableRows),
    ...pane(state, { columns, rows: left - tableRows }, colors),
    footerLine(state, columns, colors),
  ].slice(0, rows)
}

function titleLine(state: WatchState, columns: number, colors: Colors): string {
  const { status, address, now } = state
  const place = `${chosenIndex(state) + 1} of ${status.groups.length}`
  const parts = [`drover at ${address}`, `group ${place}`, `${timeOf(now)} UTC`]
  return colors.bold(cutTo(printable(parts.join(' · ')), columns))
}

function bannerLines(state: WatchState, columns: number, most: number, colors: Colors): string[] {
  const { lost, status, now } = state
  const lines = [
    ...(lost === undefined ? [] : [`Not current for ${age(now - lost.since)}: ${lost.why}; trying again`]),
    ...statusLines(status.health, status.groups, now),
  ]
  const shown = lines.length <= most ? lines : lines.slice(0, most)
  return shown.map((line, index) => {
    const more = index === most - 1 && lines.length > most ? ` (and ${lines.length - most} more)` : ''
    const text = cutTo(printable(line), Math.max(0, columns - more.length)) + more
    return (index === 0 && lost !== undefined ? colors.red : colors.yellow)(cutTo(text, columns))
  })
}

function pane(state: WatchState, { columns, rows }: Size, colors: Colors): string[] {
  if (rows < 2) return []
  const { why, events, eventsTrouble } = state
  const room = rows - 1
  if (why !== undefined) {
    const name = state.status.groups[chosenIndex(state)]?.name ?? ''
    const lines = why.flatMap((line) => wrap(printable(line), columns))
    const rest = lines.length - room
    const shown = rest > 0 ? [...lines.slice(0, room - 1), `(${rest + 1} more lines)`] : lines
    return filled(
      [heading(`Why ${name}`, columns, colors), ...shown.map((line) => cutTo(line, columns))],
      rows,
    )
  }
  const trouble = eventsTrouble === undefined ? '' : `, not current: ${eventsTrouble}`
  const lines = events
    .slice(-room)
    .map(({ at, message }) => cutTo(`${timeOf(at)}  ${printable(message)}`, columns))
  return filled([heading(`What happens${trouble}`, columns, colors), ...lines], rows)
}

/** The last line of the screen stays at its bottom. */
function filled(lines: readonly string[], rows: number): string[] {
  return Array.from({ length: rows }, (_, index) => lines[index] ?? '')
}

function heading(text: string, columns: number, colors: Colors): string {
  const title = cutTo(`── ${printable(text)} `, columns)
  return colors.dim(title + '─'.repeat(Math.max(0, columns - widthOf(title))))
}

function footerLine(state: WatchState, columns: number, colors: Colors): string {
  if (state.note !== undefined)
    return (state.note.isWrong ? colors.red : colors.green)(cutTo(printable(state.note.text), columns))
  const isPaused = state.status.groups[chosenIndex(state)]?.paused !== undefined
  const back = state.why === undefined ? 'w why' : 'w back'
  const keys = `↑↓ choose  p ${isPaused ? 'resume' : 'pause'}  ${back}  q quit`
  const space = columns - widthOf(keys) - widthOf(BAR_LEGEND)
  return colors.dim(space >= 4 ? keys + ' '.repeat(space) + BAR_LEGEND : cutTo(keys, columns))
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
