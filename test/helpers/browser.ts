import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { onPath } from './on-path.ts'

/** Debian's chromium; undefined, with one line that says so, where there is none. */
export function chromiumOnPath(): string | undefined {
  const program = onPath('chromium')
  if (program === undefined) process.stderr.write('skipped: no chromium on PATH (Debian: chromium)\n')
  return program
}

/** A browser without a window. Root may not use the sandbox, and tests open nothing but what they started. */
export function openBrowser(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] })
}

/** Opens a page of the dashboard. False when it stays empty. */
export async function openDrawn(page: Page, url: string): Promise<boolean> {
  await page.goto(url)
  if (await isDrawn(page)) return true
  // Where interfaces come and go, as Docker's do, a browser gives up what it was loading.
  await page.reload()
  return isDrawn(page)
}

async function isDrawn(page: Page): Promise<boolean> {
  const heading = page.locator('h1').waitFor({ timeout: 10_000 })
  return heading.then(
    () => true,
    () => false,
  )
}

/** Where a picture goes that is kept with the results of a run: test/artefacts/NAME.png. */
export function artefact(name: string): string {
  const path = join(import.meta.dirname, '../artefacts', `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  return path
}
