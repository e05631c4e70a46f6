import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type CliRun, type CliSurroundings, runCli } from '../helpers/run-cli.ts'

export type Files = Readonly<Record<string, string | Buffer>>

/** A folder of its own for each test of a file, and the command line in it. */
export function inFolder() {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-cli-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  return {
    get path() {
      return folder
    },
    write(files: Files): void {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
    },
    /** Every file below the folder, or below one in it, by its path. */
    read(below = '.'): Record<string, string> {
      const root = join(folder, below)
      const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()
      const files = names.filter((name) => statSync(join(root, name)).isFile())
      return Object.fromEntries(files.map((name) => [name, readFileSync(join(root, name), 'utf8')]))
    },
    /** Runs `drover LINE`; what is printed has the folder taken out. */
    async run(line: string, surroundings: CliSurroundings = {}): Promise<CliRun> {
      const { code, stdout, stderr } = await runCli(line.split(' ').filter(Boolean), {
        cwd: folder,
        ...surroundings,
      })
      return { code, stdout: this.short(stdout), stderr: this.short(stderr) }
    },
    short(text: string): string {
      return text.replaceAll(/(?:\.\.\/)*(?:\.\.)?[^\s:"']*drover-cli-\w+\/?/g, '')
    },
  }
}

/** A small stack without anything to complain of. */
export const STACK = `name: shop
secrets: { password: {} }
silence: { no-check: These are tests. }
services:
  db:
    image: db:1
    ports: { main: 5432 }
    env: { PASSWORD: { secret: password } }
  api:
    image: api:1
    depends_on: [db]
batch:
  tidy: { image: tidy:1, profiles: [tools] }
`
