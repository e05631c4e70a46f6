import { describe, expect, it } from 'vitest'
import { normalize } from '../../../src/core/stack/normalize.ts'
import type { WrittenStack } from '../../../src/core/stack/schema/stack.ts'
import { fits, misfits } from '../../../src/core/stack/shape.ts'
import { aStack } from '../../helpers/a-stack.ts'

const external = (written: object) => aStack({ external: { it: written } }).external[0]

describe('normalize: what runs elsewhere', () => {
  it.each([
    ['db.example.com:5432', { protocol: 'http', host: 'db.example.com', port: 5432 }],
    ['http://api.example.com', { protocol: 'http', host: 'api.example.com', port: 80 }],
    ['https://api.example.com', { protocol: 'https', host: 'api.example.com', port: 443 }],
    ['https://api.example.com:8443', { protocol: 'https', host: 'api.example.com', port: 8443 }],
    ['[2001:db8::1]:443', { protocol: 'http', host: '2001:db8::1', port: 443 }],
    ['https://[2001:db8::1]', { protocol: 'https', host: '2001:db8::1', port: 443 }],
  ])('the address %s', (address, normal) => expect(external({ address })).toMatchObject(normal))

  it('fills in every default', () => {
    expect(external({ address: 'db:1' })).toEqual({
      name: 'it',
      path: ['external', 'it'],
      protocol: 'http',
      host: 'db',
      port: 1,
      checks: [
        {
          name: 'tcp',
          type: 'tcp',
          interval: '30s',
          timeout: '10s',
          retries: 3,
          path: ['external', 'it', 'checks', 0],
        },
      ],
      tags: [],
      meta: {},
    })
  })

  it('takes checks as written, and numbers those without a name', () => {
    const checks = [
      { type: 'http', path: '/up', method: 'HEAD', interval: '90s', timeout: '1m', retries: 1 },
      { type: 'tcp', name: 'port' },
      { type: 'tcp' },
    ]
    expect(external({ address: 'db:1', checks })?.checks).toMatchObject([
      { name: 'http-1', httpPath: '/up', method: 'HEAD', interval: '1m30s', timeout: '1m', retries: 1 },
      { name: 'port', type: 'tcp' },
      { name: 'tcp-3', type: 'tcp' },
    ])
  })

  it.each([
    ['without a port', { address: 'db' }],
    ['with a path', { address: 'https://api.example.com/v1' }],
    ['with credentials', { address: 'https://me:secret@api.example.com' }],
    ['with a port of 0', { address: 'db:0' }],
    ['with a port beyond 65535', { address: 'https://db:65536' }],
    ['with no checks at all', { address: 'db:1', checks: [] }],
    ['with a script check', { address: 'db:1', checks: [{ type: 'script', command: 'x' }] }],
    ['with meta of Drover', { address: 'db:1', meta: { drover_stack: 'x' } }],
    ['with a duration beyond all', { address: 'db:1', checks: [{ type: 'tcp', interval: '3000000h' }] }],
  ])('refuses one %s', (_, written) => {
    const stack = { name: 's', external: { it: written } }
    expect(fits(stack)).toBe(false)
    const [issue] = misfits(stack)
    expect(issue?.path.slice(0, 2)).toEqual(['external', 'it'])
    expect(issue?.message).not.toContain('me:secret')
  })

  it('what its schema cannot say, normalize finds', () => {
    const stack = (address: string) => ({ name: 's', external: { it: { address } } }) as WrittenStack
    expect(() => normalize(stack('db:65536'), new Map())).toThrow(RangeError)
    expect(() => normalize(stack('db:65535'), new Map())).not.toThrow()
  })
})
