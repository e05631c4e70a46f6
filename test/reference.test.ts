import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { loadStack } from '../src/adapters/stack-file.ts'
import { loadTemplates } from '../src/adapters/templates.ts'
import { formatIssue } from '../src/core/issue.ts'
import { type RenderedFile, renderStack } from '../src/core/render-stack.ts'
import { createRenderer } from '../src/core/spec/render.ts'

// The reference stack, file by file: whatever changes in what Drover renders shows here. `drover render` writes
// jobs/, `npx vitest run test/reference.test.ts --update` writes the rest.
const ROOT = join(import.meta.dirname, '..')
const GOLDEN = join(import.meta.dirname, 'golden')
const ENVIRONMENTS = ['dev', 'docker-networks', 'intentions']
const AS_JSON = ['redis', 'worker_heavy', 'node-exporter', 'opik-mc', 'opik-clickhouse']

const renderJob = createRenderer(await loadTemplates())
const load = (environment?: string) => loadStack({ file: join(ROOT, 'stack.yml'), environment })

/** Every file, with the jobs of all profiles. */
function renderAll(environment?: string, format: 'hcl' | 'json' = 'hcl'): RenderedFile[] {
  const { stack } = load(environment)
  const profiles = stack.jobs.flatMap((job) => job.profiles)
  return renderStack(stack, renderJob, { profiles, format })
}

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort()
}

const sorted = (files: readonly RenderedFile[]) => files.map(({ path }) => path).sort()

describe('the reference stack', () => {
  it.each([undefined, ...ENVIRONMENTS])('has nothing to complain of, environment %s', (environment) => {
    expect(load(environment).warnings.map(formatIssue)).toEqual([])
  })

  it('fits its JSON Schema, with every overlay', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false })
    const validate = ajv.compile(JSON.parse(readFileSync(join(ROOT, 'schema/stack.schema.json'), 'utf8')))
    for (const environment of [undefined, 'demo', ...ENVIRONMENTS]) {
      validate(load(environment).document.value)
      expect(validate.errors ?? []).toEqual([])
    }
    validate({ name: 'x', services: { a: { imgae: 'a:1' } } })
    expect(validate.errors).not.toEqual([])
  })

  it('has an overlay of each kind of isolation', () => {
    expect(ENVIRONMENTS.map((environment) => load(environment).stack.cluster.isolation)).toEqual([
      'none',
      'docker',
      'intentions',
    ])
    const overlays = readdirSync(ROOT).filter((name) => /^stack\..+\.yml$/.test(name))
    // That of script/demo is no platform to run: nothing is kept that it renders.
    expect(overlays).toEqual(['demo', ...ENVIRONMENTS].map((environment) => `stack.${environment}.yml`))
  })
})

describe('jobs/', () => {
  const files = renderStack(load().stack, renderJob)

  it.each(files)('$path is as rendered', ({ path, text }) => {
    expect(readFileSync(join(ROOT, 'jobs', path), 'utf8')).toBe(text)
  })

  it('holds nothing else', () => expect(filesBelow(join(ROOT, 'jobs'))).toEqual(sorted(files)))
})

describe.each(ENVIRONMENTS)('test/golden/%s', (environment) => {
  const files = renderAll(environment)

  it.each(files)('$path', async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(join(GOLDEN, environment, path))
  })

  it('holds nothing else', () => expect(filesBelow(join(GOLDEN, environment))).toEqual(sorted(files)))
})

describe('test/golden/json', () => {
  const files = renderAll(undefined, 'json').filter(({ job }) => job && AS_JSON.includes(job.job.name))

  it.each(files)('$path', async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(join(GOLDEN, 'json', path))
  })

  it('holds nothing else', () => {
    expect(filesBelow(join(GOLDEN, 'json'))).toEqual(AS_JSON.map((name) => `${name}.nomad.json`).sort())
  })
})

describe('rendered again', () => {
  it.each([undefined, ...ENVIRONMENTS])('every byte is the same, environment %s', (environment) => {
    for (const format of ['hcl', 'json'] as const)
      expect(renderAll(environment, format)).toEqual(renderAll(environment, format))
  })
})

describe('what every rendered job of the reference stack has', () => {
  const jobs = [undefined, ...ENVIRONMENTS].flatMap((environment) =>
    renderAll(environment).flatMap(({ job }) =>
      job ? [{ environment: environment ?? 'base', ...job }] : [],
    ),
  )
  const groups = jobs.map(({ environment, job, spec }) => ({
    name: `${job.name} in ${environment}`,
    kind: job.kind,
    spec,
    group: Object.values(spec.group ?? {})[0] ?? {},
  }))

  it('no secret, and no address that is known when it is rendered', () => {
    for (const file of renderAll()) {
      expect([file.path, /password\s*=\s*"[^{$]/i.test(file.text)]).toEqual([file.path, false])
      expect([file.path, /\b(?:10|172|192\.168)\.\d+\.\d+\.\d+\b/.test(file.text)]).toEqual([
        file.path,
        false,
      ])
    }
  })

  it.each(groups)('$name: rotated logs, a memory of its own, an error for a missing key', ({ group }) => {
    for (const task of Object.values(group.task ?? {})) {
      expect(task.logs).toEqual({ max_files: 3, max_file_size: 10 })
      expect(task.resources?.memory).toBeGreaterThan(0)
      for (const template of task.template ?? [])
        if (template.data?.includes('nomadVar')) expect(template.error_on_missing_key).toBe(true)
    }
  })

  it.each(groups.filter(({ kind }) => kind === 'worker'))(
    '$name: nothing that would end a busy worker',
    ({ spec, group }) => {
      expect(spec.type).toBe('batch')
      expect(spec.update).toBeUndefined()
      expect(group.reschedule).toMatchObject({ attempts: 0, unlimited: true })
      for (const check of (group.service ?? []).flatMap((service) => service.check ?? []))
        expect(check.check_restart).toBeUndefined()
      for (const task of Object.values(group.task ?? {}))
        for (const template of task.template ?? []) expect(template.change_mode).toBe('noop')
    },
  )
})

it('the golden files are where they should be', () => {
  expect(relative(ROOT, GOLDEN)).toBe(join('test', 'golden'))
  expect(readdirSync(GOLDEN).sort()).toEqual([...ENVIRONMENTS, 'graph.mmd', 'json'].sort())
})
