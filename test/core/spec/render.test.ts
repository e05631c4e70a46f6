import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Handlebars from 'handlebars'
import { afterAll, describe, expect, it } from 'vitest'
import { listTemplates } from '../../../src/adapters/compile-templates.ts'
import { loadTemplates } from '../../../src/adapters/templates.ts'
import type { JobSpec } from '../../../src/core/spec/jobspec.ts'
import { createRenderer, type RenderJob } from '../../../src/core/spec/render.ts'
import { DroverError } from '../../../src/errors.ts'
import { everyField } from './all-fields.ts'
import { parseHcl } from './hcl-parser.ts'
import { format, hasNomad } from './nomad.ts'
import { renderWholeJob } from './whole-job.ts'

const FOLDER = join(import.meta.dirname, '../../../templates')
const KINDS = ['service', 'worker', 'batch', 'periodic', 'system']
const HELPERS = ['q', 'text', 'comment', 'given', 'field', 'config', 'rest', 'each', 'if']

const files = listTemplates(FOLDER)
const renderJob = createRenderer(await loadTemplates())

describe('the templates', () => {
  it('are one for each kind of job, and parts', () => {
    const names = files.map(({ name }) => name)
    expect(names.filter((name) => !name.startsWith('partials/')).sort()).toEqual([...KINDS].sort())
    expect(names.length).toBeGreaterThan(KINDS.length)
  })

  it.each(files)('$name prints no value but through a helper', ({ path }) => {
    const calls = callsOf(Handlebars.parse(readFileSync(path, 'utf8')))
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.filter(({ bare }) => bare)).toEqual([])
    expect(calls.map(({ name }) => name).filter((name) => !HELPERS.includes(name))).toEqual([])
  })

  it('would be caught with a raw value', () => {
    const raw = '{{id}} {{{id}}} {{&id}} {{#each x}}{{this}}{{/each}}'
    expect(callsOf(Handlebars.parse(raw)).filter(({ bare }) => bare)).toHaveLength(4)
  })
})

describe('a job that has every field', () => {
  const job = everyField()

  it.each(KINDS)('loses none in the template of kind %s', async (kind) => {
    const hcl = renderJob(kind, job)
    expect(plain(await parseHcl(hcl))).toEqual(plain(await parseHcl(renderWholeJob(job))))
  })

  it.skipIf(!hasNomad).each(KINDS)('is laid out as nomad fmt does, kind %s (needs nomad on PATH)', (kind) => {
    const hcl = renderJob(kind, job)
    expect(format(hcl)).toBe(hcl)
  })
})

describe('a job that has hardly any', () => {
  it.each(KINDS)('prints nothing in their place, kind %s', async (kind) => {
    const job: JobSpec = {
      id: 'x',
      group: { x: { count: 0, task: { x: { driver: 'docker', leader: false } } } },
    }
    const hcl = renderJob(kind, job)
    expect(plain(await parseHcl(hcl))).toEqual({
      job: { x: { group: { x: { count: 0, task: { x: { driver: 'docker', leader: false } } } } } },
    })
    expect(hcl).not.toMatch(/\n\n\n|\n\n *\}|\{\n\n|\0/)
  })

  it('has a comment on one line', () => {
    const hcl = renderJob('service', { id: 'x', ui: { description: 'a\n}\u2028 b' } })
    expect(hcl.split('\n').filter((line) => line.includes('description'))).toHaveLength(1)
  })
})

describe('templates of the user', () => {
  const folders: string[] = []
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true })
  })

  async function rendererOf(overrides: Readonly<Record<string, string>>): Promise<RenderJob> {
    const folder = mkdtempSync(join(tmpdir(), 'drover-render-'))
    folders.push(folder)
    for (const [path, text] of Object.entries(overrides)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    return createRenderer(await loadTemplates(folder))
  }

  const JOB: JobSpec = {
    id: 'api',
    type: 'service',
    priority: 70,
    group: {
      api: {
        count: 2,
        network: [{ mode: 'bridge', hostname: 'h', port: { p: { to: 80 } } }],
        task: { api: { driver: 'docker', user: 'u', config: { image: 'a:1' }, env: { A: '"${x}' } } },
      },
    },
  }

  it('take the place of one part', async () => {
    const render = await rendererOf({
      'partials/network.hcl.hbs': '# ours\nnetwork {\n{{rest "network" this}}\n}\n',
    })
    const hcl = render('service', JOB)
    expect(hcl).toContain(
      '    # ours\n    network {\n      mode     = "bridge"\n      hostname = "h"\n\n      port "p" {',
    )
    expect(plain(await parseHcl(hcl))).toEqual(plain(await parseHcl(renderWholeJob(JOB))))
  })

  it('lose nothing that they do not speak of', async () => {
    const render = await rendererOf({
      'service.hcl.hbs':
        'job {{q id}} {\n{{#each group}}\n{{> partials/group label=@key}}\n{{/each}}\n{{rest "job" this}}\n}\n',
      'partials/task.hcl.hbs': 'task {{q label}} {\ndriver = {{q driver}}\n{{rest "task" this}}\n}\n',
    })
    const hcl = render('service', JOB)
    expect(plain(await parseHcl(hcl))).toEqual(plain(await parseHcl(renderWholeJob(JOB))))
    // The other kinds still speak through their own.
    expect(render('batch', JOB)).toContain('job "api" {\n  type     = "service"\n  priority = 70')
  })

  it.each([
    [
      'a name that is not there',
      'service.hbs',
      'job {{q id}} {\n{{q idd}}\n}\n',
      'template service, line 2: {{q}} has nothing to print',
    ],
    ['a raw one', 'service.hbs', 'x\n\n{{idd}}', 'template service, line 3: "idd" not defined here'],
    [
      'in a part, that is named',
      'partials/task.hbs',
      'task {{q label}} {\n\n  x = {{q nope}}\n}\n',
      'template partials/task, line 3: {{q}} has nothing to print',
    ],
    [
      'inside of blocks',
      'service.hbs',
      '{{#given id}}\n{{#each ../group}}\n{{comment @nope}}{{/each}}{{/given}}',
      'template service, line 3: {{comment}} has nothing to print',
    ],
    [
      'an unknown helper',
      'service.hbs',
      'job {{q id}} {\n{{upper id}}\n}',
      'template service, line 2: "upper" not defined here',
    ],
    ['an unknown block', 'service.hbs', '\n{{field "jb" "id" id}}', 'template service, line 2: '],
    [
      'an unknown part',
      'service.hbs',
      '{{> partials/nope}}',
      'template service: The partial partials/nope could not be found',
    ],
    [
      'no HCL',
      'service.hbs',
      'job {{q id}} {\n',
      'template service: line 1 of the rendered job: a bracket is not closed',
    ],
  ])('that fail name themselves and the line: %s', async (_, path, text, message) => {
    const render = await rendererOf({ [path]: text })
    const error = thrown(() => render('service', JOB))
    expect(error).toMatchObject({ code: 'TEMPLATE_FAILED' })
    expect(error?.message).toContain(`job api: ${message}`)
    expect(error?.message).not.toContain('\n')
    // The next job is none the wiser.
    expect(() => render('batch', { id: 'x' })).not.toThrow()
  })

  it('a kind without a template', () => {
    expect(thrown(() => renderJob('sysbatch', JOB))).toMatchObject({ code: 'TEMPLATE_FAILED' })
  })

  it("what no HCL can hold is not the template's fault", () => {
    const bad = { ...JOB, meta: { a: 'x\0' } }
    expect(thrown(() => renderJob('service', bad))).toMatchObject({ code: 'STACK_INVALID' })
  })
})

function thrown(run: () => unknown): DroverError | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof DroverError) return error
    throw error
  }
}

interface HelperCall {
  readonly name: string
  readonly bare: boolean
}

/** Every place of a template where something is printed or a block begins. */
function callsOf(node: unknown): HelperCall[] {
  if (Array.isArray(node)) return node.flatMap(callsOf)
  if (typeof node !== 'object' || node === null) return []
  const { type, path, params } = node as { type?: string; path?: hbs.AST.PathExpression; params?: unknown[] }
  const isCall = type === 'MustacheStatement' || type === 'BlockStatement' || type === 'SubExpression'
  const own = isCall && path ? [{ name: path.original, bare: (params ?? []).length === 0 }] : []
  return [...own, ...Object.values(node).flatMap(callsOf)]
}

/** A block that occurs once and a map that is an attribute are the same here. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(plain)
    return items.length === 1 && typeof items[0] === 'object' ? items[0] : items
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
}
