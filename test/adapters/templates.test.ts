import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Handlebars from 'handlebars'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compileTemplates, evaluateTemplate, listTemplates } from '../../src/adapters/compile-templates.ts'
import { loadTemplates } from '../../src/adapters/templates.ts'
import { formatIssue } from '../../src/core/issue.ts'
import type { DroverError } from '../../src/errors.ts'

// Stands for the built-in templates, so that these tests do not hang on what templates/ holds.
vi.mock('#templates', async () => {
  const { evaluateTemplate } = await import('../../src/adapters/compile-templates.ts')
  const spec = evaluateTemplate('{"compiler":[8,">= 4.3.0"],"main":function(){return "built in"}}')
  return { default: { service: { spec, names: [] }, 'partials/network': { spec, names: [] } } }
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-templates-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

const render = (spec: TemplateSpecification | undefined, data: unknown) =>
  Handlebars.template(spec as TemplateSpecification)(data)

describe('loadTemplates', () => {
  it('gives the built-in ones without a folder', async () => {
    const templates = await loadTemplates()
    expect(Object.keys(templates).sort()).toEqual(['partials/network', 'service'])
    expect(render(templates.service?.spec, {})).toBe('built in')
  })

  it('overrides by relative path, with or without .hcl, and keeps the others', async () => {
    write({ 'partials/network.hcl.hbs': 'mode = {{mode}}', 'notes.md': 'not a template' })
    const templates = await loadTemplates(folder)
    expect(render(templates['partials/network']?.spec, { mode: '<"bridge">' })).toBe('mode = <"bridge">')
    expect(templates['partials/network']?.names).toEqual(['mode'])
    expect(render(templates.service?.spec, {})).toBe('built in')
    write({ 'service.hbs': 'job {{id}}' })
    expect(render((await loadTemplates(folder)).service?.spec, { id: 1 })).toBe('job 1')
  })

  it('is strict: a name that the data lacks throws', async () => {
    write({ 'service.hbs': '{{idd}}' })
    const templates = await loadTemplates(folder)
    expect(() => render(templates.service?.spec, { id: 1 })).toThrow('"idd" not defined')
  })

  it.each([
    ['{{#if a}}\nx', 2, 1],
    ['a\nb {{#if a}}{{/each}}', 2, 6],
    ['a\n{{ {{', 2, 1],
    ['{{> }}', 1, 1],
  ])('tells a syntax error with file and line: %j', async (text, line, column) => {
    write({ 'service.hcl.hbs': text })
    const error = await loadTemplates(folder).catch((thrown: unknown) => thrown as DroverError)
    expect(error).toMatchObject({ code: 'TEMPLATE_FAILED' })
    const told = (error as DroverError).issues.map(formatIssue)
    expect(told).toHaveLength(1)
    expect(told[0]?.startsWith(`${join(folder, 'service.hcl.hbs')}:${line}:${column} `)).toBe(true)
    expect(told[0]).not.toContain('\n')
  })

  it('tells unknown names, with the known ones, and syntax errors at once', async () => {
    write({ 'servise.hcl.hbs': 'x', 'service.hcl.hbs': '{{#if', 'partials/network.hbs': '{{/each}}' })
    await expect(loadTemplates(folder)).rejects.toMatchObject({
      code: 'TEMPLATE_FAILED',
      issues: [
        {
          code: 'template-unknown',
          fix: 'the templates are partials/network, service',
          position: { file: join(folder, 'servise.hcl.hbs') },
        },
        { code: 'template-syntax', position: { file: join(folder, 'partials/network.hbs') } },
        { code: 'template-syntax', position: { file: join(folder, 'service.hcl.hbs') } },
      ],
    })
  })

  it('an unknown name alone is a wrong path', async () => {
    write({ 'extra.hbs': 'x' })
    await expect(loadTemplates(folder)).rejects.toMatchObject({ code: 'USAGE', issues: [{}] })
  })

  it('names a folder that cannot be read', async () => {
    const missing = join(folder, 'missing')
    await expect(loadTemplates(missing)).rejects.toMatchObject({
      code: 'USAGE',
      message: `cannot read the template folder ${missing}`,
    })
  })
})

describe('the templates of the project', () => {
  const directory = join(import.meta.dirname, '../../templates')

  it('all compile, to code that the build may put into the bundle', () => {
    const files = listTemplates(directory)
    expect(files.length).toBe(
      readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
        .length,
    )
    const { templates, issues } = compileTemplates(files)
    expect(issues).toEqual([])
    for (const { code } of Object.values(templates)) expect(evaluateTemplate(code)).toHaveProperty('main')
  })
})
