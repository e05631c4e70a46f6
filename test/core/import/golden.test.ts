import { describe, expect, it } from 'vitest'
import { readBindSources } from '../../../src/adapters/bind-sources.ts'
import { readComposeFiles } from '../../../src/adapters/compose-files.ts'
import { writeStackText } from '../../../src/adapters/stack-writer.ts'
import { loadYaml } from '../../../src/adapters/yaml.ts'
import { parseAutoscale } from '../../../src/core/compose/autoscale.ts'
import type { Autoscale } from '../../../src/core/compose/autoscale-schema.ts'
import type { ComposeModel } from '../../../src/core/compose/model.ts'
import { issuesForImport } from '../../../src/core/import/compose-issues.ts'
import { importCompose } from '../../../src/core/import/import-compose.ts'
import { reportToMarkdown } from '../../../src/core/import/report-markdown.ts'

const FOLDER = 'test/fixtures/import'
const FILES = ['compose.yml', 'compose.prod.yml']

/** The shop of the fixtures, as if it stood in /srv/shop. */
function importShop() {
  const read = readComposeFiles({
    files: FILES.map((file) => `${FOLDER}/${file}`),
    envFiles: [`${FOLDER}/app.env`],
  })
  const model = read.model as ComposeModel
  const { autoscale, keys } = parseAutoscale(loadYaml(`${FOLDER}/autoscale.yml`))
  const imported = importCompose({
    model,
    autoscale: { value: autoscale as Autoscale, keys },
    binds: readBindSources(model, FOLDER),
    places: { fromStack: '.', absolute: '/srv/shop' },
  })
  return { imported, issues: issuesForImport(read.issues, model) }
}

describe('the import of a whole platform', () => {
  const { imported, issues } = importShop()

  it('is this stack', async () => {
    expect(issues).toEqual([])
    expect(imported.issues).toEqual([])
    await expect(writeStackText(imported.tree)).toMatchFileSnapshot('golden/stack.yml')
  })

  it('is accounted for in this report', async () => {
    await expect(reportToMarkdown(imported, [...FILES, 'autoscale.yml'])).toMatchFileSnapshot(
      'golden/report.md',
    )
  })

  it('is the same whenever it is done', () => {
    const again = importShop().imported
    expect(writeStackText(again.tree)).toBe(writeStackText(imported.tree))
    expect(again.report).toEqual(imported.report)
  })

  it('has no value of a secret in it', () => {
    const all = writeStackText(imported.tree) + reportToMarkdown(imported, FILES) + JSON.stringify(imported)
    for (const secret of ['secret-from-env-file', 'correct-horse']) expect(all).not.toContain(secret)
  })
})
