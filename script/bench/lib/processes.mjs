import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What every row is compared with: a process that starts Node and ends. */
const NOTHING = ['-e', '0']

/**
 * Runs whole Node processes, one of each in turn, so that a busy moment of the machine hits all rows alike.
 * `rows` is {name: arguments}; gives {name: {ms, ratio, peakMb}}, medians, ratios to `node -e 0` in the same run.
 * A row that exits other than 0 throws.
 */
export function measureProcesses(rows, { rounds, cwd }) {
  const all = { 'node -e 0': NOTHING, ...rows }
  const times = Object.fromEntries(Object.keys(all).map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, args] of Object.entries(all)) {
      const started = process.hrtime.bigint()
      runNode(name, args, cwd)
      // The first round only warms the file cache.
      if (round >= 0) times[name].push(Number(process.hrtime.bigint() - started) / 1e6)
    }
  }
  const base = median(times['node -e 0'])
  return Object.fromEntries(
    Object.entries(all).map(([name, args]) => {
      const ms = median(times[name])
      return [name, { ms, ratio: ms / base, peakMb: peakMb(name, args, cwd) }]
    }),
  )
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Peak resident memory in MB (2^20), median of five further runs that are not timed. */
function peakMb(name, args, cwd) {
  const preload = fileURLToPath(new URL('report-peak.cjs', import.meta.url))
  const peaks = Array.from({ length: 5 }, () => {
    const { output } = runNode(name, ['--require', preload, ...args], cwd, [
      'ignore',
      'ignore',
      'pipe',
      'pipe',
    ])
    return Number(output[3]) / 1024
  })
  return median(peaks)
}

function runNode(name, args, cwd, stdio = ['ignore', 'ignore', 'pipe']) {
  const child = spawnSync(process.execPath, args, { cwd, stdio, maxBuffer: 2 ** 28 })
  if (child.status !== 0) throw new Error(`${name} exited ${child.status ?? child.signal}:\n${child.stderr}`)
  return child
}
