import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findBreaches } from './helpers/layers.ts'

const ROOT = join(import.meta.dirname, '..')

describe('the layers', () => {
  it('hold in every source file', () => {
    const files = readSources(['src', 'consul', 'scaler'])
    expect(Object.keys(files).length).toBeGreaterThan(20)
    const breaches = findBreaches(files, readAliases())
    expect(breaches).toEqual([])
  })
})

describe('findBreaches', () => {
  it.each<[what: string, files: Record<string, string>]>([
    [
      'core uses core, errors, its packages',
      {
        'src/core/a.ts': `import { b } from './b/c.ts'; import 'zod'; import '../errors.ts'; import 'handlebars/runtime.js'`,
      },
    ],
    [
      'a property may have the name of a global',
      { 'src/core/a.ts': 'export const f = (x: { process: 1 }) => [x.process, { console: 1 }]' },
    ],
    [
      'words in text and comments',
      { 'src/core/a.ts': '// async, process.env\nexport const a = "Date.now() new Date() node:fs"' },
    ],
    ['Date as a type', { 'src/core/a.ts': 'export const at = (d: Date) => d.getTime()' }],
    [
      'ports of types',
      {
        'src/ports.ts': `import type { A } from './core/a.ts'; export interface Port { a: A; now(): number } export type { A }`,
      },
    ],
    [
      'cli imports anything',
      { 'src/cli/main.ts': `import '../adapters/a.ts'; import 'yargs'; import '../sandbox/a.ts'` },
    ],
    [
      'commands by dynamic import',
      { 'src/cli/commands/index.ts': `export const load = () => import('./render.ts')` },
    ],
    [
      'scaler uses adapters and consul',
      {
        'scaler/main.ts': `import '../src/adapters/a.ts'; import '../consul/lock.ts'; import '../src/log.ts'`,
      },
    ],
    ['exactly 300 lines', { 'src/core/a.ts': 'export {}\n'.repeat(300) }],
  ])('passes: %s', (_, files) => {
    expect(findBreaches(files)).toEqual([])
  })

  it.each<[what: string, file: string, text: string, breach: RegExp]>([
    ['core imports node', 'src/core/a.ts', `import { readFileSync } from 'node:fs'`, /imports node:fs/],
    [
      'core imports a type of node',
      'src/core/a.ts',
      `export type A = import('node:fs').Stats`,
      /imports node:fs/,
    ],
    ['core imports a package', 'src/core/a.ts', `import { parse } from 'yaml'`, /imports yaml/],
    [
      'core imports an adapter',
      'src/core/a.ts',
      `import '../adapters/yaml.ts'`,
      /imports src\/adapters\/yaml.ts/,
    ],
    [
      'core imports a type of an adapter',
      'src/core/a.ts',
      `import type { A } from '../adapters/yaml.ts'`,
      /imports src\/adapters/,
    ],
    ['core exports from cli', 'src/core/a.ts', `export * from '../cli/main.ts'`, /imports src\/cli\/main.ts/],
    [
      'core imports by alias',
      'src/core/a.ts',
      `import templates from '#templates'`,
      /imports src\/adapters\/built-in/,
    ],
    ['core imports when it runs', 'src/core/a.ts', `export const f = () => import('./b.ts')`, /when it runs/],
    ['core asks the clock', 'src/core/a.ts', 'export const f = () => Date.now()', /uses Date.now/],
    ['core makes a date', 'src/core/a.ts', 'export const f = (at: number) => new Date(at)', /uses new Date/],
    ['core draws lots', 'src/core/a.ts', 'export const f = () => Math.random()', /uses Math.random/],
    ['core reads the process', 'src/core/a.ts', 'export const f = () => process.env', /uses process/],
    ['core logs', 'src/core/a.ts', 'export const f = () => console.log(1)', /uses console/],
    ['core waits', 'src/core/a.ts', 'export async function f() {}', /uses async/],
    ['core waits in a method', 'src/core/a.ts', 'export const f = { async g() {} }', /uses async/],
    ['ports holds a value', 'src/ports.ts', 'export const a = 1', /holds values/],
    [
      'ports imports a value',
      'src/ports.ts',
      `import { a } from './core/a.ts'; export type A = typeof a`,
      /holds values/,
    ],
    ['an adapter imports cli', 'src/adapters/a.ts', `import '../cli/main.ts'`, /imports src\/cli/],
    ['consul imports scaler', 'consul/lock.ts', `import '../scaler/main.ts'`, /imports scaler\/main.ts/],
    [
      'the sandbox imports an adapter',
      'src/sandbox/a.ts',
      `import '../adapters/http.ts'`,
      /imports src\/adapters\/http.ts/,
    ],
    ['the worker kit imports core', 'src/worker/a.ts', `import '../core/a.ts'`, /imports src\/core\/a.ts/],
    ['scaler imports the sandbox', 'scaler/main.ts', `import '../src/sandbox/a.ts'`, /imports src\/sandbox/],
    [
      'cli imports a command at once',
      'src/cli/main.ts',
      `import render from './commands/render.ts'`,
      /before it is named/,
    ],
    ['a file of no layer', 'src/misc/a.ts', 'export {}', /belongs to no layer/],
    ['301 lines', 'src/core/a.ts', 'export {}\n'.repeat(301), /has 301 lines/],
  ])('finds: %s', (_, file, text, breach) => {
    const breaches = findBreaches({ [file]: text }, { '#templates': 'src/adapters/built-in-templates.ts' })
    expect(breaches).toHaveLength(1)
    expect(breaches[0]).toMatch(breach)
  })

  it('finds a cycle of imports once, dynamic imports included', () => {
    const breaches = findBreaches({
      'src/cli/c.ts': `import './a.ts'`,
      'src/cli/b.ts': `export const load = () => import('./c.ts')`,
      'src/cli/a.ts': `import './b.ts'`,
      'src/cli/d.ts': `import './a.ts'; import type { E } from './e.ts'`,
      'src/cli/e.ts': `import './d.ts'`,
    })
    expect(breaches).toEqual(['cycle: src/cli/a.ts -> src/cli/b.ts -> src/cli/c.ts -> src/cli/a.ts'])
  })
})

function readSources(folders: readonly string[]): Record<string, string> {
  const paths = folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .filter((path) => path.endsWith('.ts'))
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
}

/** `imports` of package.json, as paths from the root. */
function readAliases(): Record<string, string> {
  const { imports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    imports: Record<string, string>
  }
  return Object.fromEntries(Object.entries(imports).map(([name, path]) => [name, path.replace(/^\.\//, '')]))
}
