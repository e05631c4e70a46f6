import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openHistory } from '../../../scaler/history/open-history.ts'

const ROOT = join(import.meta.dirname, '../../..')
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-history-'))
  // Writes without end, and says what it has begun to write.
  await build({
    stdin: {
      contents: `import { openHistory } from './scaler/history/open-history.ts'
import { anEvent } from './test/scaler/history/events.ts'
const warn = (message) => console.log('warn', message)
const options = { folder: process.argv[2], maxBytes: 64 * 1024 ** 2, keepMs: 1e12, clock: { now: Date.now }, warn }
openHistory(options).then((history) => {
  let id = Number(process.argv[3])
  setInterval(() => {
    for (let one = 0; one < 20; one++) history.add(anEvent(++id, id, 'heavy', 'x'.repeat(2000)))
    console.log(id)
  }, 1)
})`,
      resolveDir: ROOT,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['lmdb'],
    outfile: join(folder, 'writer.cjs'),
    logLevel: 'warning',
  })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Kills the writer in the middle, and gives what it has printed. */
async function crash(from: number, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(folder, 'writer.cjs'), join(folder, 'history'), String(from)], {
    env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk
      resolve()
    })
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await Promise.race([started, ended])
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  child.kill('SIGKILL')
  await ended
  return printed.trim().split('\n')
}

it('is whole after its process was killed, again and again, and the folder is free', async () => {
  let last = 0
  for (const afterMs of [300, 120, 417, 233]) {
    const printed = await crash(last, afterMs)
    expect(printed.filter((line) => line.startsWith('warn'))).toEqual([])
    last = Number(printed.at(-1))
  }
  expect(last).toBeGreaterThan(100)
  const warnings: string[] = []
  const history = await openHistory({
    folder: join(folder, 'history'),
    maxBytes: 64 * 1024 ** 2,
    keepMs: 1e12,
    clock: { now: () => last },
    warn: (message) => warnings.push(message),
  })
  const found = history.find({ limit: 1000 }).map(({ event }) => event.id)
  await history.close()
  expect(warnings).toEqual([])
  expect(found).toHaveLength(1000)
  // In order, none twice; what was lost at a kill is the end of it.
  expect(found).toEqual([...new Set(found)].sort((a, b) => b - a))
})
