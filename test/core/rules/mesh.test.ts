import { describe, expect, it } from 'vitest'
import { lint } from '../../helpers/a-stack.ts'

const db = (check: object, more: object = {}) => ({
  services: { db: { image: 'x:1', ports: { db: 5432 }, checks: [check], ...more } },
})
const codes = (isolation: string, stack: object) =>
  lint({ cluster: { isolation }, ...stack }).map(({ code }) => code)

describe('checks in the mesh', () => {
  it.each([
    ['intentions', { type: 'tcp' }, true],
    ['intentions', { type: 'script', command: 'true-ish' }, false],
    ['none', { type: 'tcp' }, false],
    ['docker', { type: 'tcp' }, false],
  ])('isolation %s, %j', (isolation, check, told) => {
    expect(codes(isolation, db(check)).includes('tcp-check-in-mesh')).toBe(told)
  })
})

describe('jobs outside the mesh', () => {
  it.each([
    ['raw_exec', 'intentions', true],
    ['exec', 'intentions', false],
    ['raw_exec', 'none', false],
  ])('driver %s, isolation %s', (driver, isolation, told) => {
    const stack = {
      services: {
        api: { driver, command: '/usr/bin/api', ports: { http: 80 }, checks: [{ type: 'http', path: '/' }] },
      },
    }
    expect(codes(isolation, stack).includes('outside-mesh')).toBe(told)
  })
})
