import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importFiles } from '../../../src/adapters/import-files.ts'
import { startRenderSession } from '../../../src/adapters/render-session.ts'
import { type LoadedStack, loadStack } from '../../../src/adapters/stack-file.ts'
import { writeStackText } from '../../../src/adapters/stack-writer.ts'
import { countStates } from '../../../src/core/import/report.ts'
import { factDifferences, jobFacts } from '../../helpers/job-facts.ts'

const E2I = '../shared/e2i'
const has = existsSync(`${E2I}/docker/docker-compose.yml`)
if (!has) console.warn(`${E2I} is not there: the tests on the import of the E2I files are skipped`)

const folder = mkdtempSync(join(tmpdir(), 'drover-e2i-'))
afterAll(() => rmSync(folder, { recursive: true }))

const composeFile = (name: string) => `${E2I}/docker/docker-compose${name === 'base' ? '' : `.${name}`}.yml`

function importE2i(names: readonly string[], options: { envFiles?: string[]; profiles?: string[] } = {}) {
  const imported = importFiles({
    files: names.map(composeFile),
    autoscale: `${E2I}/config/autoscale.yml`,
    stackFolder: folder,
    ...options,
  })
  const file = join(folder, `${names.join('-')}.yml`)
  const text = writeStackText(imported.tree)
  writeFileSync(file, text)
  return { imported, text, file }
}

const SETS = [
  ['base', 'opik', 'monitoring'],
  ['base', 'dev', 'opik'],
  ['base', 'opik', 'dev', 'monitoring'],
  ['secure'],
]

describe.skipIf(!has)('the import of the E2I files', () => {
  it.each(SETS)('%s %s %s: validates and renders', async (...given: string[]) => {
    const names = given.filter((name) => name !== undefined)
    const { file, imported } = importE2i(names)
    expect(imported.warnings).toEqual([])
    const { stack } = loadStack({ file })
    const profiles = stack.jobs.flatMap((job) => job.profiles)
    const { files } = (await startRenderSession()).render({ file }, { profiles })
    const rendered = files.flatMap(({ job }) => (job ? [job.job.name] : []))
    const inlined = stack.jobs.flatMap(({ dependsOn }) =>
      dependsOn.filter(({ condition }) => condition === 'completed').map(({ on }) => on),
    )
    expect([...rendered, ...new Set(inlined)].sort()).toEqual(stack.jobs.map(({ name }) => name).sort())
  })

  it.each(SETS)(
    '%s %s %s: every approximated, dropped or replaced key has a reason of its own',
    (...given: string[]) => {
      const { report } = importE2i(given.filter((name) => name !== undefined)).imported
      const silent = report.filter(({ state, note }) => state !== 'mapped' && (note ?? '') === '')
      expect(silent).toEqual([])
      // The reason of keys that nobody has looked at.
      expect(report.filter(({ note }) => note === 'a stack has no key for it')).toEqual([])
    },
  )

  it('writes no value of the env file that is a secret', () => {
    const { text } = importE2i(['base', 'dev', 'opik'], { envFiles: [`${E2I}/docker/env.example`] })
    // The one that is left is what config-check looks for.
    expect(text.match(/changeme/g)).toHaveLength(1)
    for (const secret of [
      'your-anon-key',
      'your-service-role',
      'sk-ant',
      'THAAIO',
      'LESlrX',
      'your-password',
    ])
      expect(text).not.toContain(secret)
    // What is none is taken over.
    expect(text).toContain('SUPABASE_URL: http://localhost:54321')
  })

  it('with a profile leaves the services of others out, and says so', () => {
    const { imported, file } = importE2i(['base', 'dev', 'opik'], { profiles: ['heavy'] })
    const names = loadStack({ file }).stack.jobs.map(({ name }) => name)
    expect(names).toContain('worker_heavy')
    expect(names).not.toContain('flower')
    const flower = imported.report.filter(({ service }) => service === 'flower')
    expect(flower.length).toBeGreaterThan(5)
    expect(new Set(flower.map(({ state }) => state))).toEqual(new Set(['dropped']))
  })

  it('differs from the reference stack in what docs/e2i.md lists, and in nothing else', () => {
    const { file } = importE2i(['base', 'opik', 'monitoring'])
    const reference = loadStack({ file: 'stack.yml' })
    const found = differences(loadStack({ file }), reference)
    expect(listed()).toEqual(found)
  })

  it('maps as many keys as docs/e2i.md says', () => {
    const { report } = importE2i(['base', 'opik', 'monitoring']).imported
    const { mapped, approximated, dropped, replaced } = countStates(report)
    const [, said = ''] = /^Keys: (.*)$/m.exec(readFileSync('docs/e2i.md', 'utf8')) ?? []
    expect(said).toBe(
      `${report.length} in all, ${mapped} mapped, ${approximated} approximated, ${dropped} dropped, ${replaced} replaced by a later file.`,
    )
  })
})

function differences(imported: LoadedStack, reference: LoadedStack): string[][] {
  return factDifferences(jobFacts(imported.stack), jobFacts(reference.stack))
}

/** The rows of the table in docs/e2i.md, without their reasons, which all must have. */
function listed(): string[][] {
  const text = readFileSync('docs/e2i.md', 'utf8')
  const rows = text
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
  for (const row of rows) expect(row[4]?.length, row.join(' ')).toBeGreaterThan(10)
  return rows.map((row) => row.slice(0, 4).map((cell) => cell.replace(/^`(.*)`$/, '$1')))
}
