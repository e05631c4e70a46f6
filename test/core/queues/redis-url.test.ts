import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRedisUrl, type RedisTarget, showRedis } from '../../../src/core/queues/redis-url.ts'
import { DroverError } from '../../../src/errors.ts'

const one = (host: string, port = 6379) => [{ host, port }]

describe('parseRedisUrl', () => {
  it.each<[url: string, target: Partial<RedisTarget>]>([
    ['redis://cache', { mode: 'single', hosts: one('cache'), tls: false, database: 0 }],
    ['redis://cache:6380/3', { hosts: one('cache', 6380), database: 3 }],
    ['redis://:s%40fe@cache:6379/1', { password: 's@fe', database: 1 }],
    ['redis://ann:pw@cache', { username: 'ann', password: 'pw' }],
    ['redis://cache?db=4', { database: 4 }],
    ['redis://cache:6379/', { database: 0 }],
    ['redis://:6379', { hosts: one('127.0.0.1') }],
    ['redis://[::1]:7000', { hosts: one('::1', 7000) }],
    ['rediss://cache', { tls: true }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock', hosts: [] }],
    ['unix:/run/redis.sock?db=2', { path: '/run/redis.sock', database: 2 }],
    [
      'redis+socket:///run/redis.sock?virtual_host=2&password=pw',
      { path: '/run/redis.sock', database: 2, password: 'pw' },
    ],
    [
      'redis+sentinel://:pw@s1,s2:26380/main/5',
      {
        mode: 'sentinel',
        hosts: [...one('s1', 26379), ...one('s2', 26380)],
        master: 'main',
        database: 5,
        password: 'pw',
      },
    ],
    [
      'rediss+cluster://n1:7000,n2:7001',
      { mode: 'cluster', tls: true, hosts: [...one('n1', 7000), ...one('n2', 7001)] },
    ],
  ])('reads %s', (url, target) => {
    expect(parseRedisUrl(url)).toMatchObject(target)
  })

  it('takes another database where the address names none', () => {
    expect(parseRedisUrl('redis://cache', 2).database).toBe(2)
    expect(parseRedisUrl('redis://cache/1', 2).database).toBe(1)
    expect(parseRedisUrl('redis+cluster://cache', 2).database).toBe(0)
  })

  it.each<[url: string, says: RegExp]>([
    ['http://cache', /does not start with/],
    ['redis://a,b', /several hosts/],
    ['redis://cache:99999', /a port/],
    ['redis://cache/x', /a database/],
    ['redis+sentinel://s1', /the name that the sentinels know/],
    ['redis+cluster://n1/2', /database 0 only/],
    ['redis://:100%@cache', /encodes nothing/],
    ['unix:redis.sock', /absolute/],
  ])('refuses %s', (url, says) => {
    expect(() => parseRedisUrl(url)).toThrow(says)
  })

  it('never repeats the credentials, neither in errors nor for people', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,20}$/)
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(
          'redis://:S@h',
          'redis://u:S@h:x',
          'http://:S@h',
          'redis://:S@h/x',
          'redis+cluster://:S@h/2',
        ),
        (password, form) => {
          const url = form.replace('S', password)
          try {
            expect(showRedis(parseRedisUrl(url))).not.toContain(password)
          } catch (error) {
            if (!(error instanceof DroverError)) throw error
            expect(`${error.message} ${error.hint}`).not.toContain(password)
          }
        },
      ),
    )
  })

  it.each([
    'redis://cache:6379/0',
    'rediss://[::1]:7000/2',
    'unix:///run/r.sock?db=2',
    'redis+sentinel://a:1,b:2/m/0',
    'redis+cluster://a:1',
  ])('shows %s as it was', (url) => expect(showRedis(parseRedisUrl(url))).toBe(url))
})
