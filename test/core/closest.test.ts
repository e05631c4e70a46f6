import { expect, it } from 'vitest'
import { closest } from '../../src/core/closest.ts'

const KEYS = ['image', 'env', 'memory', 'memory_limit', 'volumes', 'ports', 'count', 'depends_on']

it.each([
  ['imag', 'image'],
  ['Image', 'image'],
  ['iamge', 'image'],
  ['memroy', 'memory'],
  ['memoryLimit', 'memory_limit'],
  ['memory-limit', 'memory_limit'],
  ['port', 'ports'],
  ['dependsOn', 'depends_on'],
  ['environment', 'env'],
  ['depends', 'depends_on'],
  ['mounts', undefined],
  ['x', undefined],
  ['healthcheck', undefined],
  ['', undefined],
])('%j was meant as %j', (word, meant) => {
  expect(closest(word, KEYS)).toBe(meant)
})

it('the first of equally near ones wins', () => {
  expect(closest('cat', ['bat', 'hat'])).toBe('bat')
  expect(closest('cat', [])).toBeUndefined()
})
