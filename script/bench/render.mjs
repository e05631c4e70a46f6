import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { largeStack } from './lib/large-stack.mjs'
import { printRows } from './lib/print.mjs'
import { measureProcesses } from './lib/processes.mjs'
import { measureWatch } from './lib/watch.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DROVER = fileURLToPath(new URL('../../bin/drover.js', import.meta.url))

/** What is promised: ratios to `node -e 0`, peak memory in MB, milliseconds. */
const TARGETS = {
  'drover --help': { ratio: 1.8 },
  'drover render': { ratio: 3, peakMb: 90 },
  '500 services': { ms: 1500 },
  'one change in --watch': { ms: 5 },
}

const SIZES = [125, 250, 500, 1000]

/** Cold starts are whole processes: what a person waits for at a prompt, and a pipeline at every step. */
export async function run({ rounds }) {
  const measured = measureProcesses(
    { 'drover --help': [DROVER, '--help'], 'drover render': [DROVER, 'render', '--stdout'] },
    { rounds, cwd: ROOT },
  )
  print(`Whole processes, the reference stack, medians of ${rounds} rounds:`, measured)

  const large = measureLarge(Math.max(3, Math.round(rounds / 4)))
  print('\nWhole processes, generated stacks:', large)
  const base = large['node -e 0'].ms
  const perService = SIZES.map((size) => ((large[`${size} services`].ms - base) / size).toFixed(2))
  process.stdout.write(`ms a service above node -e 0: ${perService.join(', ')} for ${SIZES.join(', ')}\n`)

  const ms = await measureWatch({ drover: DROVER, root: ROOT, changes: 120 })
  print('\nInside one process, read to written:', { 'one change in --watch': { ms } })
}

function measureLarge(rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-large-'))
  try {
    const rows = SIZES.map((size) => {
      const file = join(folder, `${size}.yml`)
      writeFileSync(file, largeStack(size))
      return [`${size} services`, [DROVER, 'render', '--stdout', '--stack', file]]
    })
    return measureProcesses(Object.fromEntries(rows), { rounds, cwd: folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function print(title, measured) {
  printRows(
    title,
    Object.entries(measured).map(([name, row]) => ({ name, ...row, ...verdict(TARGETS[name], row) })),
  )
}

function verdict(target, row) {
  if (target === undefined) return {}
  const kept = Object.entries(target).every(([key, most]) => row[key] <= most)
  const words = { ratio: (n) => `${n}x`, peakMb: (n) => `${n} MB`, ms: (n) => `${n} ms` }
  return {
    target: Object.entries(target)
      .map(([key, most]) => words[key](most))
      .join(', '),
    ok: kept,
  }
}
