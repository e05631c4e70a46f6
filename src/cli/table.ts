import Table from 'cli-table3'
import type { Colors, TableOptions } from './output.ts'

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .map((part) => [part, '']),
)

/** The table as text, each line without spaces at its end; the head in capitals. */
export function formatTable({ head, rows, right }: TableOptions, colors: Colors): string {
  const toTheRight = new Set(right ?? [...head.keys()].filter((column) => isNumeric(rows, column)))
  const table = new Table({
    head: head.map((title) => title.toUpperCase()),
    colAligns: head.map((_, column) => (toTheRight.has(column) ? 'right' : 'left')),
    chars: { ...NO_LINES, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => row.map(String)))
  const [first = '', ...others] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  return `${[colors.bold(first), ...others].join('\n')}\n`
}

function isNumeric(rows: TableOptions['rows'], column: number): boolean {
  return rows.length > 0 && rows.every((row) => typeof row[column] === 'number')
}
