import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
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

/** Where a picture goes that is kept with the results of a run: test/artefacts/NAME.png. */
export function artefact(name: string): string {
  const path = join(import.meta.dirname, '../artefacts', `${name}.png`)
  mkdirSync(dirname(path), { recursive: true })
  return path
}
