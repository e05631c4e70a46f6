import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { toFileText } from '../../consul/registration.ts'
import { groupsOf, wantedExternals, wantedGroup } from '../../consul/wanted.ts'
import { loadStack } from '../../src/adapters/stack-file.ts'

const ROOT = join(import.meta.dirname, '../..')
const RENDERED = join(ROOT, 'consul/rendered')

it('consul/rendered is what the reference stack says; `drover consul render` writes it', () => {
  const { stack } = loadStack({ file: join(ROOT, 'stack.yml') })
  const wanted = [...wantedExternals(stack), ...groupsOf(stack).map((group) => wantedGroup(stack, group))]
  const files = Object.fromEntries(wanted.map((one) => [`${one.name}.service.json`, toFileText(one)]))
  const present = readdirSync(RENDERED).map((name) => [name, readFileSync(join(RENDERED, name), 'utf8')])
  expect(Object.fromEntries(present)).toEqual(files)
})
