import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { artefact, chromiumOnPath, openBrowser, openDrawn } from '../helpers/browser.ts'
import { hasRedisServer } from '../helpers/redis-server.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Besides what it takes on a quiet machine, which is about 20 s. */
const PATIENCE_MS = 170_000
const DEMO = [join(ROOT, 'bin/drover.js'), 'sandbox', '--demo', '--env', 'demo']

const started: ChildProcess[] = []
const nothingOnPath = mkdtempSync(join(tmpdir(), 'drover-path-'))
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(nothingOnPath, { recursive: true })
})

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { DROVER_REDIS_URL: _, ...inherited } = process.env
  const child = spawn(command, args, { cwd: ROOT, env: { ...inherited, ...env } })
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString()
    })
  const code = new Promise<number | null>((resolve) => {
    child.once('close', resolve)
  })
  return { child, code, output: () => output }
}

type Run = ReturnType<typeof run>

/** Where its dashboard is, once it has said so. */
function urlOf({ output }: Run): string | undefined {
  return /Open (\S+)/.exec(output())?.[1]
}

/** What a demo must have shown: all done, nobody stopped, and heavy workers came and went. */
function expectWell(output: string): void {
  const [, done, added] = /(\d+) of (\d+) tasks done, 0 workers stopped/.exec(output) ?? []
  expect(done, output).toBe(added)
  expect(Number(added)).toBeGreaterThan(24)
  expect(output).toMatch(/worker_heavy: 0 -> 4( -> \d)* -> 0\n/)
  expect(output).toMatch(/27 jobs: 27 registered/)
  expect(output).toMatch(/Open http:\/\/127\.0\.0\.1:\d+/)
  expect(output).toMatch(/^ +0:\d\d {2}worker_heavy: 0 -> 4: \d+ waiting/m)
}

/** What the page of a demo shows of the heavy workers while it plays, without being loaded again. */
async function watchPage(demo: Run, browser: Browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const url = await waitUntil('it is there', async () => urlOf(demo), { withinMs: 100_000 })
  expect(await openDrawn(page, url)).toBe(true)
  const row = page.getByRole('row', { name: /^worker_heavy/ })
  const counted = (count: number) =>
    row
      .getByRole('cell')
      .first()
      .filter({ hasText: new RegExp(`^${count}`) })
      .waitFor({ timeout: 100_000 })
  await counted(4)
  await page.getByRole('list', { name: 'Events' }).getByText('worker_heavy: 0 -> 4').first().waitFor()
  await page.screenshot({ path: artefact('demo') })
  await counted(0)
  await row.getByRole('cell').nth(1).getByText('none', { exact: true }).waitFor()
  return 'none -> 4 -> none'
}

describe('script/demo', () => {
  const program = chromiumOnPath()
  let browser: Browser | undefined
  let demo: Run
  let seen: ReturnType<typeof watchPage> | undefined
  beforeAll(async () => {
    browser = program === undefined ? undefined : await openBrowser(program)
    demo = run(join(ROOT, 'script/demo'), ['--once'])
    seen = browser && watchPage(demo, browser)
    // The test that awaits it comes later.
    seen?.catch(() => {})
  })
  afterAll(() => browser?.close())

  it.skipIf(!hasRedisServer)(
    '--once plays a day with real queues and workers, and ends well (needs redis-server on PATH)',
    async () => {
      expect(await demo.code, demo.output()).toBe(0)
      expectWell(demo.output())
      expect(demo.output()).toContain('export DROVER_REDIS_URL=redis://127.0.0.1:')
      expect(demo.output()).toContain('stack.yml is valid: 30 jobs')
    },
    PATIENCE_MS,
  )

  it.skipIf(program === undefined)(
    'is seen on its page: heavy workers come and go (needs chromium on PATH)',
    async () => {
      expect(await seen).toBe('none -> 4 -> none')
    },
    PATIENCE_MS,
  )

  it(
    '--once plays it without a Redis, too',
    async () => {
      const demo = run(process.execPath, [...DEMO, '--once'], { PATH: nothingOnPath })
      expect(await demo.code, demo.output()).toBe(0)
      expectWell(demo.output())
      expect(demo.output()).toContain('Workers are simulated: there is no redis-server on PATH')
    },
    PATIENCE_MS,
  )

  it.skipIf(!existsSync('/proc/self/task'))(
    'ends all that it has started when it is interrupted, and shows a page until then',
    async () => {
      const demo = run(process.execPath, DEMO)
      const url = await waitUntil('it is there', async () => urlOf(demo), {
        withinMs: 60_000,
      })
      const page = await fetch(url, { headers: { accept: 'text/html' } })
      expect([page.status, page.headers.get('content-type')]).toEqual([
        200,
        expect.stringContaining('text/html'),
      ])
      const children = await waitUntil('workers run', async () => {
        const found = childrenOf(demo.child.pid ?? 0)
        return found.length >= (hasRedisServer ? 4 : 0) ? found : undefined
      })
      demo.child.kill('SIGINT')
      expect(await demo.code, demo.output()).toBe(0)
      await waitUntil(
        'its children are gone',
        async () => children.every((pid) => !existsSync(`/proc/${pid}`)) || undefined,
      )
    },
    PATIENCE_MS,
  )
})

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // The fields after the name, which may hold anything: state, parent.
        return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]) === parent
      } catch {
        return false
      }
    })
}
