import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/adapters/yaml.ts'
import type { DocumentPath } from '../../src/core/issue.ts'
import { mergeOverlay, mergeValues } from '../../src/core/overlay.ts'

describe('mergeValues', () => {
  it.each([
    ['maps merge key by key', { a: { x: 1, y: 2 } }, { a: { y: 3, z: 4 } }, { a: { x: 1, y: 3, z: 4 } }],
    ['lists replace', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['values replace', { a: 1 }, { a: 'two' }, { a: 'two' }],
    ['a list replaces a map', { a: { x: 1 } }, { a: [1] }, { a: [1] }],
    ['a map replaces a value', { a: 1 }, { a: { x: 1 } }, { a: { x: 1 } }],
    ['nothing removes a key', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['nothing removes a key deep down', { a: { x: 1, y: 2 } }, { a: { x: null } }, { a: { y: 2 } }],
    ['removing what is not there is no error', { a: 1 }, { b: null, c: { d: null } }, { a: 1, c: {} }],
    ['nothing inside a list stays', { a: [1] }, { a: [null, { x: null }] }, { a: [null, { x: null }] }],
    ['nothing in the base stays', { a: null }, { b: 1 }, { a: null, b: 1 }],
    ['a map adds to nothing', { a: null }, { a: { x: 1 } }, { a: { x: 1 } }],
  ])('%s', (_, base, overlay, merged) => {
    const before = JSON.stringify([base, overlay])
    expect(mergeValues(base, overlay)).toEqual(merged)
    expect(JSON.stringify([base, overlay])).toBe(before)
  })

  it('keeps the order of the base and appends new keys', () => {
    expect(Object.keys(mergeValues({ b: 1, a: 2 }, { c: 3, b: 4 }) as object)).toEqual(['b', 'a', 'c'])
  })

  const values = fc.jsonValue({ maxDepth: 3 })
  const maps = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), values)

  it('an empty overlay changes nothing', () => {
    fc.assert(
      fc.property(maps, (base) => {
        expect(mergeValues(base, {})).toEqual(base)
      }),
    )
  })

  it('doing it twice changes no more than doing it once', () => {
    fc.assert(
      fc.property(maps, maps, (base, overlay) => {
        const once = mergeValues(base, overlay)
        expect(mergeValues(once, overlay)).toEqual(once)
      }),
    )
  })

  it('merges in any grouping where kinds agree and nothing is removed', () => {
    const shaped = fc.record(
      {
        value: fc.integer(),
        list: fc.array(fc.integer()),
        map: fc.dictionary(fc.constantFrom('x', 'y'), fc.integer()),
        deep: fc.record(
          { map: fc.dictionary(fc.constantFrom('p', 'q'), fc.boolean()) },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(shaped, shaped, shaped, (one, two, three) => {
        expect(mergeValues(mergeValues(one, two), three)).toEqual(mergeValues(one, mergeValues(two, three)))
      }),
    )
  })
})

describe('mergeOverlay', () => {
  const base = parseYaml(
    'name: e2i\nservices:\n  api:\n    image: a:1\n    ports: [80, 81]\n  old:\n    image: o:1\n',
    'stack.yml',
  )
  const overlay = parseYaml(
    'services:\n  api:\n    image: a:2\n    ports:\n      - 90\n  new: {image: n:1}\n  old:\n',
    'stack.dev.yml',
  )
  const merged = mergeOverlay(base, overlay)

  it('merges the values under the name of the base', () => {
    expect(merged.file).toBe('stack.yml')
    expect(merged.value).toEqual({
      name: 'e2i',
      services: { api: { image: 'a:2', ports: [90] }, new: { image: 'n:1' } },
    })
  })

  it.each<[DocumentPath, string]>([
    [['name'], 'stack.yml:1:7'],
    [['services'], 'stack.yml:2:1'],
    [['services', 'api'], 'stack.yml:3:3'],
    [['services', 'api', 'image'], 'stack.dev.yml:3:12'],
    [['services', 'api', 'ports', 0], 'stack.dev.yml:5:9'],
    [['services', 'api', 'ports', 1], 'stack.dev.yml:4:5'],
    [['services', 'new', 'image'], 'stack.dev.yml:6:16'],
    [['services', 'new', 'queues'], 'stack.dev.yml:6:3'],
    [['services', 'api', 'queues'], 'stack.yml:3:3'],
    [['services', 'old', 'image'], 'stack.yml:2:1'],
  ])('%j stands at %s', (path, where) => {
    const position = merged.locate(path)
    expect(`${position?.file}:${position?.line}:${position?.column}`).toBe(where)
  })

  it('an overlay that holds nothing changes nothing', () => {
    const empty = mergeOverlay(base, parseYaml('# nothing yet\n', 'stack.dev.yml'))
    expect(empty.value).toEqual(base.value)
    expect(empty.locate(['services', 'old', 'image'])).toMatchObject({ file: 'stack.yml', line: 7 })
  })

  it('overlays can be laid over each other', () => {
    const third = mergeOverlay(merged, parseYaml('services:\n  new:\n    image: n:2\n', 'stack.local.yml'))
    expect(third.locate(['services', 'new', 'image'])).toMatchObject({ file: 'stack.local.yml', line: 3 })
    expect(third.locate(['services', 'api', 'image'])).toMatchObject({ file: 'stack.dev.yml', line: 3 })
    expect(third.locate(['name'])).toMatchObject({ file: 'stack.yml', line: 1 })
  })
})
