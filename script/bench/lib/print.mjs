/**
 * Prints rows of {name, ratio?, ms?, peakMb?, target?, ok?}; `target` says what is promised and `ok` whether it holds.
 * Times are this machine's, ratios travel.
 */
export function printRows(title, rows) {
  const cells = rows.map(({ name, ratio, ms, peakMb, target = '', ok }) => [
    name,
    ratio === undefined ? '' : `${ratio.toFixed(2)}x`,
    ms === undefined ? '' : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`,
    peakMb === undefined ? '' : `${peakMb.toFixed(0)} MB`,
    target,
    ok === undefined ? '' : ok ? 'yes' : 'NO',
  ])
  const table = [['', 'RATIO', 'TIME', 'PEAK', 'TARGET', 'MET'], ...cells]
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
      .join('  '),
  )
  process.stdout.write(`${title}\n${lines.join('\n')}\n`)
}
