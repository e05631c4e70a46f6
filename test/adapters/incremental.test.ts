import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type RenderSession, startRenderSession } from '../../src/adapters/render-session.ts'
import { formatIssue } from '../../src/core/issue.ts'
import { DroverError } from '../../src/errors.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-incremental-'))
  // Files count as old, so that what is remembered of them is used.
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

type Entry = Record<string, unknown>
type Sections = Record<string, Record<string, Entry>>

const START: { readonly parts: Sections; readonly jobs: Sections } = {
  parts: {
    cluster: { host_networks: ['loopback'] as unknown as Entry },
    environments: { shared: { LEVEL: 'info' } },
    secrets: { key: {} },
    networks: { front: {}, back: {} },
    volumes: { data: { type: 'host' } },
    broker: { software: 'celery', service: 'redis' } as unknown as Record<string, Entry>,
    silence: {},
  },
  jobs: {
    services: {
      redis: {
        image: 'redis:7',
        ports: { redis: 6379 },
        checks: [{ type: 'tcp' }],
        volumes: [{ volume: 'data', to: '/data' }],
      },
      api: {
        image: 'api:1',
        env_from: ['shared'],
        env: { REDIS: { service: 'redis' }, KEY: { secret: 'key' } },
        ports: { http: 80 },
        checks: [{ type: 'http', path: '/', port: 'http' }],
        depends_on: { migrate: 'completed' },
        files: { '/etc/api.conf': { source: 'api.conf' } },
      },
      web: {
        image: 'web:1',
        env: { API: { service: 'api', port: 'http' } },
        ports: { http: 81 },
        depends_on: ['api'],
      },
    },
    workers: {
      light: { image: 'api:1', queues: ['light'], celery: { app: 'app' }, scale: { min: 1, max: 3 } },
    },
    batch: { migrate: { image: 'api:1', command: ['migrate'] } },
  },
}

/** What somebody may write into a job, sound or not; undefined takes it away again. */
const FIELDS: Record<string, readonly unknown[]> = {
  image: ['x', 'x:2', undefined],
  env: [
    { A: '1' },
    { A: { service: 'redis' } },
    { A: { service: 'web', port: 'http' } },
    { PASSWORD: 'hunter22' },
  ],
  env_from: [['shared'], ['absent']],
  ports: [{ http: 80 }, { http: 80, more: 82 }, { other: { container: 80, publish: 80 } }, undefined],
  networks: [['front'], ['back'], ['front', 'back'], undefined],
  profiles: [['debug'], undefined],
  checks: [[{ type: 'tcp' }], [{ type: 'script', command: ['true'] }], undefined],
  depends_on: [['redis'], ['web'], { migrate: 'completed' }, { api: 'started' }, undefined],
  volumes: [[{ volume: 'data', to: '/data' }], [{ volume: 'absent', to: '/data' }], undefined],
  files: [{ '/x': { source: 'x.conf' } }, { '/api': { source: 'api.conf' } }, undefined],
  queues: [['light'], ['heavy']],
  count: [1, 2, -1],
  kill_timeout: ['10s', '40s'],
  silence: [{ 'no-check': 'known' }, { 'image-latest': 'known' }, undefined],
  'x-nomad': [{ priority: 70 }, { meta: { drover_stack: 'other' } }, undefined],
}

const PARTS: Record<string, readonly unknown[]> = {
  cluster: [
    { isolation: 'docker' },
    { isolation: 'intentions', nodes: 'one' },
    { max_kill_timeout: '1m' },
    {},
  ],
  environments: [{ shared: { LEVEL: 'debug' } }, { shared: { API: { service: 'web' } } }, { other: {} }],
  secrets: [{ key: { path: 'elsewhere' } }, {}],
  networks: [{ front: { internal: true } }, { front: {}, back: {} }],
  volumes: [{ data: { type: 'docker' } }, {}],
  broker: [{ software: 'celery', service: 'api' }, undefined],
  silence: [{ 'no-check': 'known' }, {}],
}

type Edit =
  | {
      readonly in: 'job'
      readonly section: string
      readonly job: string
      readonly key: string
      readonly value: unknown
    }
  | { readonly in: 'part'; readonly key: string; readonly value: unknown }
  | { readonly in: 'file'; readonly file: string }
  | { readonly in: 'rename' | 'remove'; readonly section: string; readonly job: string }

const ofTable = (table: Record<string, readonly unknown[]>) =>
  fc
    .constantFrom(...Object.entries(table))
    .chain(([key, values]) => fc.constantFrom(...values).map((value) => ({ key, value })))
const jobs = fc.constantFrom(
  ...Object.entries(START.jobs).flatMap(([section, of]) => Object.keys(of).map((job) => ({ section, job }))),
)
const edits: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(jobs, ofTable(FIELDS)).map(([at, what]) => ({ in: 'job' as const, ...at, ...what })),
  },
  { weight: 3, arbitrary: ofTable(PARTS).map((what) => ({ in: 'part' as const, ...what })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('api.conf', 'x.conf').map((file) => ({ in: 'file' as const, file })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('rename' as const, 'remove' as const), jobs)
      .map(([kind, at]) => ({ in: kind, ...at })),
  },
)

/** The stack in block style, one entry a line, as the reader takes it apart. */
function textOf({ parts, jobs: sections }: typeof START): string {
  const whole = Object.entries(parts).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const entries = Object.entries(sections).flatMap(([section, of]) =>
    Object.keys(of).length === 0
      ? []
      : [`${section}:`, ...Object.entries(of).map(([name, job]) => `  ${name}: ${JSON.stringify(job)}`)],
  )
  return ['name: shop', ...whole, ...entries, ''].join('\n')
}

function startEditing() {
  const state = structuredClone(START)
  let turn = 0
  // The sizes differ, for two changes within a tick of the clock.
  const writeFile = (name: string) => writeFileSync(join(folder, name), 'x'.repeat(++turn))
  const writeStack = () => writeFileSync(join(folder, 'stack.yml'), textOf(state))
  writeFile('api.conf')
  rmSync(join(folder, 'x.conf'), { force: true })
  writeStack()
  return (edit: Edit): void => {
    if (edit.in === 'file') writeFile(edit.file)
    else if (edit.in === 'part') state.parts[edit.key] = edit.value as Sections[string]
    else {
      const section = state.jobs[edit.section] ?? {}
      const job = section[edit.job]
      if (edit.in === 'job') section[edit.job] = { ...job, [edit.key]: edit.value }
      else delete section[edit.job]
      if (edit.in === 'rename' && job) section[`${edit.job}-2`] = job
    }
    writeStack()
  }
}

/** All that a render tells: the files and the warnings, or what is wrong. */
function outcome({ render }: RenderSession) {
  try {
    const { loaded, files } = render({ file: join(folder, 'stack.yml') }, { profiles: ['debug'] })
    const texts = files.map(({ path, text }) => [path, text])
    return { stack: loaded.stack, texts, lines: loaded.warnings.map(formatIssue) }
  } catch (error) {
    if (!(error instanceof DroverError)) throw error
    return { message: error.message, lines: error.issues.map(formatIssue) }
  }
}

/** The texts that are others than before, or what is wrong now. */
function news(before: ReturnType<typeof outcome>, after: ReturnType<typeof outcome>): string {
  const known = new Set(before.texts?.map(([, text]) => text))
  return (after.texts?.map(([, text]) => text).filter((text) => !known.has(text)) ?? after.lines).join('\n')
}

describe('a session that goes on', () => {
  it('tells after any edits what a new one tells', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 12 }), async (list) => {
        const edit = startEditing()
        const session = await startRenderSession()
        outcome(session)
        outcome(session)
        for (const one of list) {
          edit(one)
          expect(outcome(session)).toEqual(outcome(await startRenderSession()))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps every job that an edit does not touch', async () => {
    const edit = startEditing()
    const session = await startRenderSession()
    const jobsNow = () => new Map(outcome(session).stack?.jobs.map((job) => [job.name, job]))
    jobsNow()
    const before = jobsNow()
    edit({ in: 'job', section: 'services', job: 'web', key: 'image', value: 'web:2' })
    const after = jobsNow()
    expect([...after].filter(([name, job]) => before.get(name) !== job).map(([name]) => name)).toEqual([
      'web',
    ])
    edit({ in: 'file', file: 'api.conf' })
    expect([...jobsNow()].filter(([name, job]) => after.get(name) !== job).map(([name]) => name)).toEqual([
      'api',
    ])
  })

  it.each([
    ['ports', { admin: 82, http: 80 }, 'service "api-http"'],
    ['ports', undefined, 'without ports'],
    ['ports', { other: 80 }, 'no port "http"'],
    ['networks', ['back'], 'may not talk'],
    ['profiles', ['debug'], 'is rendered only with'],
  ])('sees in others that the %s of a job changed', async (key, value, told) => {
    const edit = startEditing()
    const session = await startRenderSession()
    outcome(session)
    const before = outcome(session)
    edit({ in: 'job', section: 'services', job: 'api', key, value })
    const after = outcome(session)
    expect(after).toEqual(outcome(await startRenderSession()))
    expect(news(before, after)).toContain(told)
  })

  it.each([
    ['volumes', {}, 'no volume "data"'],
    ['volumes', { data: { type: 'docker' } }, 'docker'],
    ['environments', { shared: { LEVEL: 'debug' } }, 'debug'],
    ['environments', {}, 'shared'],
    ['secrets', {}, 'no secret "key"'],
    ['cluster', { isolation: 'docker' }, 'network_mode'],
  ])('sees in jobs that the %s of the stack changed', async (key, value, told) => {
    const edit = startEditing()
    const session = await startRenderSession()
    outcome(session)
    const before = outcome(session)
    edit({ in: 'part', key, value })
    const after = outcome(session)
    expect(after).toEqual(outcome(await startRenderSession()))
    expect(news(before, after)).toContain(told)
  })
})
