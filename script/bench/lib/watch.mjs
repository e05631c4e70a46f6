import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { median } from './processes.mjs'

/**
 * Changes one service of a copy of the reference stack over and over under `drover render --watch`; gives the
 * median of the milliseconds that it says each took, from reading the file to the new job on the disk. The
 * first changes are not counted: V8 still works on the code.
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
      writeFileSync(
        stack,
        text.replace(
          'CORS_ORIGINS: http://localhost:3002',
          `CORS_ORIGINS: http://localhost:${4000 + change}`,
        ),
      )
      const { files, ms } = JSON.parse((await lines.next()).value)
      if (files.length !== 1) throw new Error(`one job was changed, ${files.length} were written`)
      times.push(ms)
    }
    return median(times.slice(Math.floor(changes / 2)))
  } finally {
    child.kill('SIGINT')
    rmSync(folder, { recursive: true, force: true })
  }
}
