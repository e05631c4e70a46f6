import { describe, expect, it } from 'vitest'
import { type Document, knownDepth, locateIssues } from '../../src/core/document.ts'
import type { Issue } from '../../src/core/issue.ts'

const value = { services: { api: { ports: [80] } }, empty: null }

describe('knownDepth', () => {
  it.each([
    [[], 0],
    [['services', 'api'], 2],
    [['services', 'api', 'ports', 0], 4],
    [['services', 'api', 'ports', 1], 3],
    [['services', 'web', 'image'], 1],
    [['empty'], 1],
    [['empty', 'x'], 1],
    [['toString'], 0],
  ])('%j is known to depth %d', (path, depth) => {
    expect(knownDepth(value, path)).toBe(depth)
  })
})

describe('locateIssues', () => {
  const asked: unknown[] = []
  const document: Document = {
    file: 's.yml',
    value,
    locate(path, at) {
      asked.push([path, at])
      return path.length === 0 ? undefined : { file: 's.yml', line: path.length, column: 1 }
    },
  }
  const issue = (code: string, path: Issue['path']): Issue => ({
    severity: 'error',
    code,
    path,
    message: 'm',
  })

  it('asks for the key of issues about keys, and leaves the choice for others', () => {
    const located = locateIssues([issue('unknown-key', ['a']), issue('wrong-type', ['a', 'b'])], document)
    expect(asked).toEqual([
      [['a'], 'key'],
      [['a', 'b'], undefined],
    ])
    expect(located.map(({ position }) => position?.line)).toEqual([1, 2])
  })

  it('keeps a position that is there, and does without one', () => {
    const position = { file: 'other.yml', line: 9, column: 9 }
    expect(locateIssues([{ ...issue('x', ['a']), position }], document)[0]?.position).toBe(position)
    expect(locateIssues([issue('x', [])], document)[0]).not.toHaveProperty('position')
  })
})
