import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../../src/adapters/yaml.ts'
import { formatIssue } from '../../../src/core/issue.ts'
import { parseStack } from '../../../src/core/stack/parse-stack.ts'
import type { WrittenStack } from '../../../src/core/stack/schema/stack.ts'
import { sourcesOf, taskSources } from '../../../src/core/stack/sources.ts'

const parsed = (text: string) => parseStack(parseYaml(text, 'stack.yml'))

/** `path: message (fix)` of all that is wrong with the one service of a stack. */
function linesOf(service: string): string[] {
  const result = parsed(`name: shop\nservices:\n  it:\n    image: a:1\n${service.replace(/^/gm, '    ')}\n`)
  return 'issues' in result
    ? result.issues.map((issue) => formatIssue(issue).replace('services.it', '~'))
    : []
}

describe('parseStack', () => {
  it('gives the stack as it is written', () => {
    expect(parsed('name: shop\nsecrets: { a: }\n')).toEqual({
      written: { name: 'shop', secrets: { a: null } },
    })
  })

  it.each([
    ['resources: { cpu: 0 }', ['~.resources.cpu: must be above 0, got 0']],
    ['resources: { cpu: -1 }', ['~.resources.cpu: must be above 0, got -1']],
    ['resources: { cores: 0.5 }', ['~.resources.cores: expected a whole number, got the number 0.5']],
    ['resources: { memory: 0MB }', ['~.resources.memory: must be at least 10MB, or Nomad refuses the task']],
    ['resources: { memory: 9.9MB }', []],
    [
      'resources: { memory_reservation: 1KB }',
      ['~.resources.memory_reservation: must be at least 10MB, or Nomad refuses the task'],
    ],
    ['resources: { memory: 512 }', ['~.resources.memory: needs a unit: "512MB" or "512GB", got 512']],
    [
      'resources: { memory: 2gb }',
      ['~.resources.memory: must be a size such as "512MB" or "1.5GB", got "2gb"'],
    ],
    ['kill_timeout: 30', ['~.kill_timeout: needs a unit, for example "30s", got 30']],
    [
      'kill_timeout: 5 minutes',
      ['~.kill_timeout: must be a duration such as "30s", "5m" or "1h30m", got "5 minutes"'],
    ],
    [
      'ports: { p: { container: 80, publish: "127.0.0.1:99999" } }',
      ['~.ports.p.publish: must be a port from 1 to 65535'],
    ],
    [
      'ports: { p: { container: 80, publish: "127.0.0.1:0" } }',
      ['~.ports.p.publish: must be a port from 1 to 65535'],
    ],
    ['ports: { p: 0 }', [expect.stringContaining('~.ports.p')]],
    ['chekcs: []', ['~.chekcs: unknown key "chekcs" (did you mean "checks"?)']],
    ['count: "2"', ['~.count: expected a number, got the text "2" (remove the quotes)']],
    [
      'checks: [{ type: http, path: /, headers: { "X.Y": [a] } }]',
      ['~.checks[0].headers["X.Y"]: the key "X.Y" must be a name such as X-Probe'],
    ],
  ])('%s', (service, lines) => expect(linesOf(service)).toEqual(lines))

  it('judges a changed document anew, and what it has seen as before', () => {
    const good = parseYaml('name: shop\nservices:\n  a: { image: a:1 }\n', 'stack.yml')
    expect('written' in parseStack(good)).toBe(true)
    const { a } = (good.value as { services: Record<string, unknown> }).services
    const doc = (value: unknown) => parseStack({ ...good, value })
    expect('written' in doc({ name: 'shop', services: { a, b: a } })).toBe(true)
    // What fits as a service is no worker.
    expect('issues' in doc({ name: 'shop', workers: { a } })).toBe(true)
    expect('issues' in doc({ name: 'shop', services: { a, b: { image: 1 } } })).toBe(true)
    expect('issues' in doc({ name: 'shop', services: { 'A B': a } })).toBe(true)
    const part = { front: { internal: true } }
    expect('written' in doc({ name: 'shop', networks: part })).toBe(true)
    expect('written' in doc({ name: 'shop', networks: part })).toBe(true)
    expect('issues' in doc({ name: 'shop', volumes: part })).toBe(true)
  })
})

describe('sourcesOf', () => {
  const file = (source: string) => ({ files: { '/x': { source } } })
  const written: WrittenStack = {
    name: 'shop',
    services: {
      a: { ...file('one'), init: { i: file('two') }, sidecars: { s: { files: { '/x': { content: '' } } } } },
    },
    system: { b: { files: { '/y': { source: 'one' }, '/z': { source: 'three' } } } },
  }

  it('names each file once, at its first place', () => {
    expect([...sourcesOf(written)]).toEqual([
      ['one', ['services', 'a', 'files', '/x', 'source']],
      ['two', ['services', 'a', 'init', 'i', 'files', '/x', 'source']],
      ['three', ['system', 'b', 'files', '/z', 'source']],
    ])
  })

  it('knows the files of one job', () =>
    expect([...taskSources(written.services?.a ?? {})]).toEqual(['one', 'two']))
})
