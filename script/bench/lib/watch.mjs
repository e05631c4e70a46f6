import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { median } from './processes.mjs'

/** Between two changes, in milliseconds. */
const PAUSE_MS = 40

/** The watcher is still told of the files that it was given, and V8 has just seen the code. */
const NOT_COUNTED = 5

/**
 * Changes one service of a copy of the reference stack over and over under `drover render --watch`; gives the
 * median of the milliseconds that it says each took, from reading the file to the new job on the disk. The
 * changes come one by one, as from a person, and replace the file in one step, as an editor does.
 */
export async function measureWatch({ drover, root, changes }) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-watch-'))
  const stack = join(folder, 'stack.yml')
  cpSync(join(root, 'stack.yml'), stack)
  cpSync(join(root, 'files'), join(folder, 'files'), { recursive: true })
  const child = spawn(
    process.execPath,
    [drover, 'render', '--watch', '--json', '--stack', stack, '--out', join(folder, 'jobs')],
    { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    await lines.next()
    const text = readFileSync(stack, 'utf8')
    const times = []
    for (let change = 0; change < changes; change++) {
      await sleep(PAUSE_MS)
      const port = 4000 + change
      writeFileSync(`${stack}.new`, text.replace('localhost:3002', `localhost:${port}`))
      renameSync(`${stack}.new`, stack)
      let { files, ms } = JSON.parse((await lines.next()).value)
      // The system may tell of one change twice.
      while (files.length === 0) ({ files, ms } = JSON.parse((await lines.next()).value))
      if (files.length !== 1) throw new Error(`one job was changed, ${files.length} were written`)
      times.push(ms)
    }
    return median(times.slice(NOT_COUNTED))
  } finally {
    child.kill('SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
}
