import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTemplates } from '../../src/adapters/templates.ts'
import { planJobs } from '../../src/core/plan/plan-jobs.ts'
import { type RenderedFile, renderStack } from '../../src/core/render-stack.ts'
import { createRenderer } from '../../src/core/spec/render.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import { aStack } from '../helpers/a-stack.ts'
import { parseHcl } from './spec/hcl-parser.ts'
import { hasNomad, jobFromHcl, jobFromJson } from './spec/nomad.ts'

const renderJob = createRenderer(await loadTemplates())
const T = { image: 'a:1' }
const USER = { ...T, volumes: [{ volume: 'v', to: '/v' }], ports: { p: 80 } }

function paths(files: readonly RenderedFile[]): string[] {
  return files.map(({ path }) => path)
}

describe('renderStack', () => {
  const STACK = {
    cluster: { isolation: 'intentions' },
    volumes: { v: { type: 'dynamic' } },
    services: { b: USER, a: USER, dev: { ...T, profiles: ['dev'] } },
  }

  it('gives jobs in the order of the stack, then volumes and intentions', () => {
    expect(paths(renderStack(aStack(STACK), renderJob))).toEqual([
      'b.nomad.hcl',
      'a.nomad.hcl',
      'volumes/v.volume.hcl',
      'intentions/b.hcl',
      'intentions/a.hcl',
    ])
  })

  it.each([
    [{ only: ['a'] }, ['a.nomad.hcl']],
    [{ only: ['a'], format: 'json' }, ['a.nomad.json']],
    [{ only: ['dev'] }, []],
    [{ only: ['dev'], profiles: ['dev'] }, ['dev.nomad.hcl']],
    [{ only: [] }, []],
  ] as const)('%j: %j', (options, files) => {
    expect(paths(renderStack(aStack(STACK), renderJob, options))).toEqual(files)
  })

  it('marks every file as its own', () => {
    for (const { path, text } of renderStack(aStack(STACK), renderJob))
      expect([path, text.split('\n')[0]]).toEqual([
        path,
        '# Rendered by drover from the stack shop. Edit its stack file, not this one.',
      ])
  })

  it('the side files', () => {
    const [volume, intention] = renderStack(aStack(STACK), renderJob)
      .slice(2)
      .map(({ text }) => text)
    expect(volume).toBe(
      `# Rendered by drover from the stack shop. Edit its stack file, not this one.
name      = "v"
type      = "host"
plugin_id = "mkdir"

capability {
  access_mode     = "single-node-multi-writer"
  attachment_mode = "file-system"
}

parameters {
  mode = "0700"
}
`,
    )
    expect(intention).toBe(
      `# Rendered by drover from the stack shop. Edit its stack file, not this one.
Kind = "service-intentions"
Name = "b"
Sources = [
  {
    Name   = "a"
    Action = "allow"
  },
  {
    Name   = "*"
    Action = "deny"
  },
]
`,
    )
  })

  it('json is what the API takes', () => {
    const [file] = renderStack(aStack({ services: { a: T } }), renderJob, { format: 'json' })
    expect(file?.text.endsWith('\n')).toBe(true)
    expect(JSON.parse(file?.text ?? '')).toMatchObject({
      Job: {
        ID: 'a',
        Meta: { drover_stack: 'shop' },
        TaskGroups: [{ Name: 'a', Tasks: [{ Name: 'a', Driver: 'docker' }] }],
      },
    })
  })
})

/** Everything that has ever hurt a template language, beside plain text. */
const PIECES = [
  '"',
  "'",
  '\\',
  '\\n',
  '${',
  '%{',
  '$${',
  '%%{',
  '$$${',
  '${NOMAD_ALLOC_ID}',
  '${env["X"]}',
  '%{ if x }',
  '}',
  '{{',
  '}}',
  '{{ env "X" }}',
  '{{-',
  '[[',
  '<<EOT',
  '\nEOT\n',
  'EOT',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '#',
  '//',
  '/*',
  '*/',
  '=',
  '<',
  '&',
  'é',
  'e\u0301',
  'ß',
  '日本',
  '👩‍👧',
  '\u200b',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u0007',
  '\u007f',
  '\u0085',
  'a',
]
const anyText = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  )
  .map((text) => text.replaceAll('\0', ''))
const someText = anyText.map((text) => `t${text}`)
/** Keys that stay different once their accents are composed. */
const keys = (of: fc.Arbitrary<string>) =>
  fc.uniqueArray(of, { minLength: 1, maxLength: 3, selector: (key) => key.normalize('NFC') })
const texts = (of = anyText) => fc.array(of, { minLength: 1, maxLength: 3 })
const map = (key: fc.Arbitrary<string>, value = anyText) =>
  fc
    .tuple(keys(key), fc.array(value, { minLength: 3, maxLength: 3 }))
    .map(([names, values]) => Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])))

const anyService = fc.record({
  image: someText,
  description: anyText,
  entrypoint: texts(),
  command: fc.tuple(someText, texts()).map(([first, rest]) => [first, ...rest, [...rest, { secret: 's' }]]),
  user: someText,
  work_dir: someText,
  hostname: someText,
  env: fc
    .tuple(map(fc.constantFrom('A', 'B', '_c')), anyText, anyText)
    .map(([plain, left, right]) => ({ ...plain, S: [left, { secret: 's' }, right, { service: 'db' }] })),
  files: fc
    .tuple(keys(anyText), anyText, anyText)
    .map(([names, left, right]) =>
      Object.fromEntries(
        names.map((name, index) => [
          `/f/${index}${name}`,
          index === 0 ? { content: left } : { content: `${left}@S@${right}`, values: { S: { secret: 's' } } },
        ]),
      ),
    ),
  volumes: texts().map((names) =>
    names.map((name, index) => ({ host: `/h${name}`, to: `/${index}${name}` })),
  ),
  tmpfs: map(anyText).map((entries) =>
    Object.fromEntries(Object.keys(entries).map((to) => [`/tmp${to}`, { size: '1MB' }])),
  ),
  security_opt: texts(someText),
  cap_add: texts(someText),
  ulimits: map(someText).map((entries) => Object.fromEntries(Object.keys(entries).map((key) => [key, 1]))),
  labels: map(someText),
  meta: map(someText),
  tags: texts(someText),
  datacenters: texts(someText),
  node_pool: someText,
  constraints: fc.tuple(someText, anyText).map(([attribute, value]) => [{ attribute, value }]),
  affinities: fc
    .tuple(someText, anyText)
    .map(([attribute, value]) => [{ attribute, operator: 'regexp', value }]),
  // The parser answers with labels as they are, not as templates: its helper would undo an escape too many.
  spread: fc
    .tuple(someText, keys(someText.map((text) => text.replace(/[$%]+\{/g, '{'))))
    .map(([attribute, zones]) => [
      { attribute, targets: Object.fromEntries(zones.map((zone) => [zone, 5])) },
    ]),
  ports: fc.constant({ p: 80 }),
  checks: fc.tuple(someText, anyText, texts()).map(([name, path, words]) => [
    { type: 'http', name, path: `/${path}`, headers: { Host: words } },
    { type: 'grpc', grpc_service: path },
    { type: 'script', command: [name, ...words, [...words, { secret: 's' }]] },
  ]),
  config: fc.tuple(texts(), map(someText)).map(([extra_hosts, sysctl]) => ({ extra_hosts, sysctl })),
})
const anyStack = fc.record({ it: anyService, other: anyText }).map(({ it, other }) =>
  aStack({
    cluster: { region: `t${other}`, namespace: `t${other}` },
    secrets: { s: {} },
    volumes: {
      v: { type: 'docker', source: `t${other}`, driver: `t${other}`, options: { [`k${other}`]: other } },
    },
    services: {
      it: { ...it, sidecars: { s: { image: 's:1', volumes: [{ volume: 'v', to: `/v${other}` }] } } },
      db: { ...T, ports: { p: 1 } },
    },
  }),
)

describe('any text that a user can write', () => {
  it('comes back from HCL as it was planned, in every field', async () => {
    await fc.assert(
      fc.asyncProperty(anyStack, async (stack) => {
        const { spec, file } = rendered(stack, 'hcl')
        const { id, ...body } = spec
        expect(await parseHcl(file.text)).toEqual({ job: { [id]: [expect.anything()] } })
        const { job } = (await parseHcl(file.text)) as { job: Record<string, unknown> }
        expect(plain(job[id])).toEqual(composed(plain(body)))
        const [written] = stack.jobs
        const { S, ...env } = written?.main.env ?? {}
        const task = body.group?.it?.task?.it
        expect(body.ui?.description).toBe(written?.description)
        expect(task?.env).toEqual(
          Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.join('')])),
        )
        expect(task?.template?.[1]?.data).toBe(written?.main.files[0]?.content.join(''))
        expect(S).toBeDefined()
      }),
      { numRuns: 60 },
    )
  })

  it('is the same in the form for the API', () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const { spec, file } = rendered(stack, 'json')
        const known = new Set(leaves(JSON.parse(file.text)))
        const lost = leaves(spec)
          .map((text) => text.normalize('NFC'))
          // Durations are numbers there.
          .filter((text) => !known.has(text) && !/^\d+(?:s|m|h)$/.test(text))
        expect(lost).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('is the same job to Nomad in both forms (needs nomad on PATH)', {
    skip: !hasNomad,
    timeout: 60_000,
  }, () => {
    for (const stack of fc.sample(anyStack, { numRuns: 5, seed: 1 })) {
      const hcl = rendered(stack, 'hcl').file.text
      const { Job } = JSON.parse(rendered(stack, 'json').file.text)
      expect(JSON.parse(jobFromHcl(hcl))).toEqual(JSON.parse(jobFromJson(Job)))
    }
  })

  it('and the same bytes for the same stack', () => {
    fc.assert(
      fc.property(anyStack, (stack) => {
        const again = structuredClone(stack)
        expect(renderStack(again, renderJob)).toEqual(renderStack(stack, renderJob))
      }),
      { numRuns: 10 },
    )
  })
})

function rendered(stack: Stack, format: 'hcl' | 'json') {
  const planned = planJobs(stack).jobs.find(({ job }) => job.name === 'it')
  const file = renderStack(stack, renderJob, { format }).find(({ job }) => job?.job.name === 'it')
  if (!planned || !file) throw new Error('the job is missing')
  return { spec: planned.spec, file }
}

/** A block that occurs once is an object and not a list of one, as in a spec; what is not set is absent. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(plain)
    return items.length === 1 && typeof items[0] === 'object' ? items[0] : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])),
  )
}

/** HCL composes accents. */
function composed(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC')
  if (Array.isArray(value)) return value.map(composed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.normalize('NFC'), composed(item)]),
  )
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}
