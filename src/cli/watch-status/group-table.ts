import type { GroupView } from '../../adapters/scaler-client.ts'
import { age } from '../age.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { bar } from './bar.ts'
import { cutTo, fillTo, widthOf } from './fill-to.ts'
import { chosenIndex, type WatchState } from './state.ts'

/** The groups around the chosen one, below a head, in so many rows and columns. */
export function groupTable(state: WatchState, columns: number, rows: number, colors: Colors): string[] {
  const { groups } = state.status
  const chosen = chosenIndex(state)
  const shown = Math.max(0, rows - 1)
  const first = Math.max(0, Math.min(chosen - Math.floor(shown / 2), groups.length - shown))
  const names = groups.map(({ name }) => printable(name))
  const widest = Math.max(5, ...names.map(widthOf))
  const nameColumns = Math.max(0, Math.min(widest, Math.max(8, Math.floor(columns / 4)), columns - 3))
  const barColumns = columns >= 100 ? 20 : columns >= 72 ? 12 : columns >= 45 ? 8 : 0
  let left = columns - 3 - nameColumns - (barColumns > 0 ? barColumns + 1 : 0)
  const numberColumns = NUMBER_COLUMNS.filter((wanted) => {
    // What has no room is left out, and all that is of less use.
    left = left > wanted ? left - wanted - 1 : -1
    return left >= 0
  })
  const decisionColumns = left >= MIN_DECISION + 2 ? left - 2 : 0

  const line = (mark: string, name: string, drawn: string, numbers: readonly string[], decision: string) => {
    const cells = numberColumns.map((wanted, index) => fillTo(numbers[index] ?? '', wanted, 'right'))
    const start = [mark.slice(0, columns) + name, ...(barColumns > 0 ? [drawn] : []), ...cells].join(' ')
    return decisionColumns > 0 ? `${start}  ${cutTo(decision, decisionColumns)}` : start
  }
  const head = line(
    '   ',
    fillTo('GROUP', nameColumns),
    fillTo('WORKERS', barColumns),
    NUMBER_HEADS,
    'DECISION',
  )
  const lines = groups.slice(first, first + shown).map((group, offset) => {
    const index = first + offset
    const name = fillTo(names[index] ?? '', nameColumns)
    return line(
      `${index === chosen ? '>' : ' '}${flagOf(group)} `,
      index === chosen ? colors.inverse(name) : name,
      bar(group, barColumns, colors),
      numbersOf(group, state.now),
      printable(group.explained ?? '-'),
    )
  })
  return [colors.bold(cutTo(head, columns)), ...lines]
}

const MIN_DECISION = 12
const NUMBER_HEADS = ['LIVE/MAX', 'WAITING', 'OLDEST', 'SINCE'] as const
const NUMBER_COLUMNS = [9, 8, 6, 6]

function flagOf({ paused, alerts }: GroupView): string {
  if (alerts.some(({ resolvedAt }) => resolvedAt === undefined)) return '!'
  return paused === undefined ? ' ' : 'p'
}

function numbersOf(group: GroupView, now: number): string[] {
  const { job, live, bounds, waiting, oldestAgeMs, decidedSince } = group
  return [
    job === 'missing' ? '-' : `${live}/${bounds.max}`,
    waiting === undefined ? '-' : String(waiting),
    oldestAgeMs === undefined ? '-' : age(oldestAgeMs),
    decidedSince === undefined ? '-' : age(now - decidedSince),
  ]
}
