import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTemplates } from '../../src/adapters/templates.ts'
import { planJobs } from '../../src/core/plan/plan-jobs.ts'
import { type RenderedFile, renderStack } from '../../src/core/render-stack.ts'
import { createRenderer } from '../../src/core/spec/render.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import { aStack } from '../helpers/a-stack.ts'
import { anyStack } from './any-stack.ts'
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
Meta = {
  drover_stack = "shop"
}
Sources = [
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
