import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { CliRun } from '../helpers/run-cli.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { inFolder, STACK } from './in-folder.ts'

const folder = inFolder()
const running: { abort: AbortController; done: Promise<CliRun> }[] = []
afterEach(async () => {
  for (const { abort, done } of running.splice(0)) {
    abort.abort()
    await done
  }
})

/** Collects what is written to it. */
function collector() {
  const stream = {
    isTTY: false,
    columns: 100,
    text: '',
    write(text: string) {
      stream.text += text
      return true
    },
  }
  return stream
}

/** Starts `drover render --watch`; `until` waits for what it says. */
function watch(line = '') {
  const abort = new AbortController()
  const [stdout, stderr] = [collector(), collector()]
  const done = folder.run(`render --watch ${line}`, { signal: abort.signal, stdout, stderr })
  running.push({ abort, done })
  const said = () => folder.short(stderr.text)
  const has = (text: string, what: string, times: number) => text.split(what).length > times
  const wait = { withinMs: 15_000, everyMs: 20 }
  return {
    abort,
    done,
    said,
    data: () => stdout.text,
    until: (what: string, times = 1) =>
      waitUntil(what, async () => has(said(), what, times) || undefined, wait),
    untilData: (what: string, times = 1) =>
      waitUntil(what, async () => has(stdout.text, what, times) || undefined, wait),
  }
}

const image = (name: string) => STACK.replace('db:1', name)
const written = () => folder.read('jobs')['db.nomad.hcl'] ?? ''

describe('drover render --watch', () => {
  it('renders at once, again at every change, and ends when it is interrupted', async () => {
    folder.write({ 'stack.yml': STACK })
    const { until, abort, done, said } = watch()
    await until('Watching')
    expect(said()).toMatch(/^db\.nomad\.hcl, api\.nomad\.hcl \([\d.]+ ms\)\nWatching; Ctrl-C ends it\.\n$/)
    folder.write({ 'stack.yml': image('db:2') })
    await until('\ndb.nomad.hcl (')
    expect(written()).toContain('db:2')
    // An editor may put a new file in the old one's place.
    folder.write({ 'new.yml': image('db:3') })
    renameSync(join(folder.path, 'new.yml'), join(folder.path, 'stack.yml'))
    await until('\ndb.nomad.hcl (', 2)
    expect(written()).toContain('db:3')
    abort.abort()
    expect((await done).code).toBe(130)
  })

  it('keeps what it rendered while the stack is wrong, and goes on when it is right again', async () => {
    folder.write({ 'stack.yml': STACK })
    const { until } = watch()
    await until('Watching')
    const before = folder.read('jobs')
    folder.write({ 'stack.yml': image('db:2').replace('services:', 'services: [') })
    await until('drover: stack.yml has an error')
    expect(folder.read('jobs')).toEqual(before)
    rmSync(join(folder.path, 'stack.yml'))
    await until('drover: stack.yml does not exist')
    folder.write({ 'stack.yml': image('db:2') })
    await until('\ndb.nomad.hcl (')
    expect(written()).toContain('db:2')
  })

  it('starts on a stack that is wrong, and looks at all files that it names', async () => {
    folder.write({
      'stack.yml': STACK.replace('db:1', 'db:1\n    files: { /x: { source: conf/x } }'),
      'stack.dev.yml': 'services: [\n',
      'conf/y': '',
    })
    const { until } = watch('--env dev --out jobs')
    await until('stack.dev.yml:')
    folder.write({ 'stack.dev.yml': 'services: { db: { count: 2 } }\n' })
    await until('conf/x does not exist')
    folder.write({ 'conf/x': 'one\n' })
    await until('api.nomad.hcl')
    expect(written()).toContain('count          = 2')
    folder.write({ 'conf/x': 'two\n' })
    await until('\ndb.nomad.hcl (')
    expect(written()).toContain('\ntwo\n')
    folder.write({ 'stack.dev.yml': 'services: { db: { count: 3 } }\n' })
    await until('\ndb.nomad.hcl (', 2)
    expect(written()).toContain('count          = 3')
  })

  it('starts without a stack, and waits for one', async () => {
    const { until } = watch()
    await until('Watching')
    folder.write({ 'stack.yml': STACK })
    await until('db.nomad.hcl, api.nomad.hcl')
  })

  it('renders again when a template changes, also after one that is wrong', async () => {
    const network = (comment: string) => `# ${comment}\nnetwork {\n{{rest "network" this}}\n}\n`
    folder.write({ 'stack.yml': STACK, 'own/partials/network.hbs': network('one') })
    const { until } = watch('--templates own')
    await until('Watching')
    expect(written()).toContain('# one')
    folder.write({ 'own/partials/network.hbs': '{{#if}' })
    await until('templates have syntax errors')
    folder.write({ 'own/partials/network.hbs': network('two') })
    await until('\ndb.nomad.hcl, api.nomad.hcl (')
    expect(written()).toContain('# two')
  })

  it('removes the file of a job that is gone', async () => {
    folder.write({ 'stack.yml': STACK })
    const { until } = watch()
    await until('Watching')
    folder.write({ 'stack.yml': STACK.replace(/ {2}api:[\s\S]*batch/, 'batch') })
    await until('api.nomad.hcl (removed) (')
    expect(Object.keys(folder.read('jobs'))).toEqual(['db.nomad.hcl'])
  })

  it('--json: a line for each time', async () => {
    folder.write({ 'stack.yml': STACK })
    const { untilData, data } = watch('--json')
    await untilData('\n')
    folder.write({ 'stack.yml': image('db:2') })
    await untilData('\n', 2)
    expect(
      data()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        files: [
          { path: 'db.nomad.hcl', kind: 'added' },
          { path: 'api.nomad.hcl', kind: 'added' },
        ],
        ms: expect.any(Number),
      },
      { files: [{ path: 'db.nomad.hcl', kind: 'changed' }], ms: expect.any(Number) },
    ])
  })
})
