import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { startRenderSession } from '../../../src/adapters/render-session.ts'
import type { PlannedJob } from '../../../src/core/plan/plan-jobs.ts'
import { planJobs } from '../../../src/core/plan/plan-jobs.ts'
import { toApiJob } from '../../../src/core/spec/api-json.ts'
import { hclText } from '../../../src/core/spec/hcl.ts'
import { parseJob } from '../../../src/sandbox/hcl/parse-job.ts'
import { HclError, HclNotEmulated } from '../../../src/sandbox/hcl/syntax.ts'
import { everyField } from '../../core/spec/all-fields.ts'
import { hasNomad, jobFromHcl, jobFromJson } from '../../core/spec/nomad.ts'
import { renderWholeJob } from '../../core/spec/whole-job.ts'

const ROOT = join(import.meta.dirname, '../../..')
const GOLDEN = ['jobs', 'test/golden/dev', 'test/golden/docker-networks', 'test/golden/intentions']
const ENVIRONMENT: Readonly<Record<string, string>> = {
  'test/golden/dev': 'dev',
  'test/golden/docker-networks': 'docker-networks',
  'test/golden/intentions': 'intentions',
}

describe('a job file that Drover rendered', () => {
  describe.each(GOLDEN)('of %s', (folder) => {
    const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.nomad.hcl'))
    const textOf = (file: string): string => readFileSync(join(ROOT, folder, file), 'utf8')
    let planned: readonly PlannedJob[]
    beforeAll(async () => {
      const session = await startRenderSession()
      const location = { file: join(ROOT, 'stack.yml'), environment: ENVIRONMENT[folder] }
      const { loaded } = session.render(location, { profiles: [], format: 'hcl' })
      const profiles = new Set(loaded.stack.jobs.flatMap((job) => job.profiles))
      planned = planJobs(loaded.stack, [...profiles]).jobs
    })

    it.each(files)('%s is the job of its specification', (file) => {
      const name = file.replace('.nomad.hcl', '')
      const job = planned.find((one) => one.job.name === name)
      expect(job).toBeDefined()
      expect(parseJob(textOf(file))).toEqual(job && toApiJob(job.spec))
    })
  })

  it('reads every attribute and block that Drover can write', () => {
    const spec = everyField()
    expect(parseJob(renderWholeJob(spec))).toEqual(toApiJob(spec))
  })

  it.skipIf(!hasNomad)('and as Nomad itself reads them (needs nomad on PATH)', () => {
    for (const file of ['redis', 'api', 'worker_heavy', 'opik-clickhouse', 'promtail', 'opik-mc']) {
      const text = readFileSync(join(ROOT, `jobs/${file}.nomad.hcl`), 'utf8')
      expect(jobFromJson(parseJob(text)), file).toBe(jobFromHcl(text))
    }
    const whole = renderWholeJob(everyField())
    expect(jobFromJson(parseJob(whole))).toBe(jobFromHcl(whole))
  })

  it('any text comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const spec = { id: 'x', meta: { a: text, b: `${text}\n` } }
        const hcl = `job "x" {\nmeta = {\na = ${hclText(text)}\nb = ${hclText(`${text}\n`)}\n}\n}\n`
        expect(parseJob(hcl)).toEqual(toApiJob(spec))
      }),
    )
  })
})

describe('a job file by hand', () => {
  const job = (body: string) => parseJob(`job "x" {\n${body}\n}`)

  it.each([
    ['priority = 7 # comment', { Priority: 7 }],
    ['priority = 7 // comment', { Priority: 7 }],
    ['/* a\n b */ priority = 7', { Priority: 7 }],
    ['datacenters = ["a", "b",]', { Datacenters: ['a', 'b'] }],
    ['datacenters = [\n"a", # first\n"b"\n]', { Datacenters: ['a', 'b'] }],
    ['meta = { "a.b" = 1, c : "d" }', { Meta: { 'a.b': '1', c: 'd' } }],
    ['meta {\n  a = true\n}', { Meta: { a: 'true' } }],
    ['ui { description = "one line" }', { UI: { Description: 'one line' } }],
    [
      'meta = { a = "\\u00e4\\t\\"${NOMAD_ALLOC_ID}$${x}%%{y}" }',
      { Meta: { a: 'ä\t"${NOMAD_ALLOC_ID}${x}%{y}' } },
    ],
    ['meta = {\na = <<-EOT\n    b\n      c\n  EOT\n}', { Meta: { a: 'b\n  c\n' } }],
    [
      'group "g" {\ntask "t" {\ndriver = "docker"\nconfig {\nlabels = { a = 1 }\nmount {\ntype = "tmpfs"\n}\nmount {\ntype = "bind"\n}\n}\n}\n}',
      {
        TaskGroups: [
          {
            Name: 'g',
            Tasks: [
              {
                Name: 't',
                Driver: 'docker',
                Config: { labels: [{ a: 1 }], mount: [{ type: 'tmpfs' }, { type: 'bind' }] },
              },
            ],
          },
        ],
      },
    ],
  ])('reads %j', (body, expected) => {
    expect(job(body)).toMatchObject(expected)
  })

  it.each([
    ['prioritty = 1', '2,1: Unsupported argument; An argument named "prioritty" is not expected here.'],
    ['grup "g" {}', '2,1: Unsupported block type; Blocks of type "grup" are not expected here.'],
    ['group {}', '2,1: Missing name for group'],
    ['ui "x" {}', '2,1: Extraneous label for ui'],
    ['ui {}\nui {}', '3,1: Duplicate ui block'],
    ['group "g" {}\ngroup "g" {}', '3,1: Duplicate group "g" block'],
    ['priority = 1\npriority = 2', '3,1: Attribute redefined'],
    ['priority = 1 type = "batch"', 'Missing newline after argument'],
    ['ui { description = "a" link = 1 }', 'Missing newline after argument'],
    ['meta = { a = "b', 'Invalid multi-line string'],
    ['meta = { a = <<EOT\nb', 'Unterminated template string'],
    ['priority =', 'Expected the start of an expression'],
    ['ui {', 'Unclosed configuration block'],
  ])('refuses %j', (body, words) => {
    expect(() => job(body)).toThrow(HclError)
    expect(() => job(body)).toThrow(words)
  })

  it.each(['', 'jobb "x" {}', 'job {}', 'job "a" {}\njob "b" {}', 'a = 1\njob "x" {}', '}'])(
    'refuses %j, which is no job',
    (text) => {
      expect(() => parseJob(text)).toThrow(HclError)
    },
  )

  it.each([
    'priority = var.priority',
    'priority = max(1, 2)',
    'priority = (1)',
    'priority = 1 + 1',
    'datacenters = ["a"][0]',
    'meta = { a = "${var.a}" }',
    'meta = { a = "${upper("a")}" }',
    'meta = { a = "%{ if true }b%{ endif }" }',
    'meta = { a = <<EOT\n${local.x}\nEOT\n}',
  ])('says that it does not compute %j', (body) => {
    expect(() => job(body)).toThrow(HclNotEmulated)
  })
})
