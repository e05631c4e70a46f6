import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/adapters/yaml.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { configSchema } from '../../src/config/schema.ts'
import { locateIssues } from '../../src/core/document.ts'
import { formatIssue } from '../../src/core/issue.ts'

function read(text: string) {
  const document = parseYaml(text, 'scaler.yml')
  const result = parseConfig(document.value, (path) => `/etc/drover/${path}`)
  return 'issues' in result ? locateIssues(result.issues, document).map(formatIssue) : result.config
}

describe('parseConfig', () => {
  it('is all defaults without a word', () => {
    const defaults = {
      listen: { host: '127.0.0.1', port: 7646 },
      nomad: {},
      lock: { enabled: true },
      redis: {},
      history: { maxBytes: 256 * 1024 ** 2, keepMs: 30 * 86_400_000 },
      log: { level: 'info', format: 'auto' },
      alerts: { afterMs: 60_000 },
    }
    expect(read('# nothing\n')).toEqual(defaults)
    expect(read('{}')).toEqual(defaults)
  })

  it('reads every key, and paths from the folder of the file', () => {
    const text = `
listen: "[::1]:80"
token_file: token
interval: 2s
nomad: {address: "https://nomad:4646", namespace: prod, region: eu, token_file: nomad, ca_file: ca.pem}
lock: {enabled: false, path: drover/other}
redis: {url: "rediss://redis:6380/1", username: drover, password_file: redis, ca_file: redis.pem}
history: {path: history, max_size: 64MB, keep: 7d}
log: {level: debug, format: json}
alerts: {webhook_file: hook, on: [at-max], after: 5m, max_age: 10m}
`
    expect(read(text)).toEqual({
      listen: { host: '::1', port: 80 },
      tokenFile: '/etc/drover/token',
      intervalMs: 2000,
      nomad: {
        address: 'https://nomad:4646',
        namespace: 'prod',
        region: 'eu',
        tokenFile: '/etc/drover/nomad',
        caFile: '/etc/drover/ca.pem',
      },
      lock: { enabled: false, path: 'drover/other' },
      redis: {
        url: 'rediss://redis:6380/1',
        username: 'drover',
        passwordFile: '/etc/drover/redis',
        caFile: '/etc/drover/redis.pem',
      },
      history: { path: '/etc/drover/history', maxBytes: 64 * 1024 ** 2, keepMs: 7 * 86_400_000 },
      log: { level: 'debug', format: 'json' },
      alerts: { webhookFile: '/etc/drover/hook', on: ['at-max'], afterMs: 300_000, maxAgeMs: 600_000 },
    })
  })

  it.each<[name: string, text: string, problems: readonly string[]]>([
    ['a list', '- listen', ['scaler.yml:1:1 expected a map, got a list']],
    ['an unknown key', 'listn: ":1"', ['scaler.yml:1:1 listn: unknown key "listn" (did you mean "listen"?)']],
    ['no port', 'listen: localhost', ['scaler.yml:1:9 listen: must be HOST:PORT']],
    ['a port too high', 'listen: "0.0.0.0:70000"', ['scaler.yml:1:9 listen: must be HOST:PORT']],
    ['no brackets', 'listen: "::1:7646"', ['scaler.yml:1:9 listen: must be HOST:PORT']],
    ['a bare number', 'interval: 5', ['scaler.yml:1:11 interval: needs a unit, for example "5s"']],
    ['no interval', 'interval: 0s', ['scaler.yml:1:11 interval: must be longer than nothing']],
    [
      'an address without scheme',
      'nomad: {address: "nomad:4646"}',
      ['scaler.yml:1:18 nomad.address: must be an'],
    ],
    [
      'credentials in the address',
      'nomad: {address: "https://me:hunter2@nomad"}',
      ['scaler.yml:1:18 nomad.address: must hold no credentials'],
    ],
    [
      'a bad lock',
      'lock: {path: "a b"}',
      ['scaler.yml:1:14 lock.path: must be the path of a Nomad variable'],
    ],
    [
      'a tiny history',
      'history: {max_size: 1MB}',
      ['scaler.yml:1:21 history.max_size: must be at least 4MB'],
    ],
    ['an unknown level', 'log: {level: warning}', ['scaler.yml:1:14 log.level: must be']],
    ['an unknown alert', 'alerts: {on: [at-maximum]}', ['scaler.yml:1:15 alerts.on[0]: must be']],
    [
      'a webhook in plain sight',
      'alerts: {webhook: "https://x"}',
      ['unknown key "webhook" (did you mean "webhook_file"?)'],
    ],
    ['an empty path', 'token_file: ""', ['scaler.yml:1:13 token_file: must not be empty']],
    [
      'all at once',
      'listen: 1\nredis:\n  url: 7\nhistory:\n  keep: soon\n',
      ['scaler.yml:1:9 listen', 'scaler.yml:3:8 redis.url', 'scaler.yml:5:9 history.keep'],
    ],
  ])('refuses %s', (_, text, problems) => {
    const found = read(text)
    expect(found).toHaveLength(problems.length)
    for (const [index, problem] of problems.entries()) expect((found as string[])[index]).toContain(problem)
  })

  it.each([
    'redis://:hunter2@host:6379/1',
    'redis://me:hunter2@host',
    'unix:///run/redis.sock?password=hunter2',
  ])('refuses the password in %s, and does not repeat it', (url) => {
    const found = read(`redis: {url: "${url}"}`) as string[]
    expect(found).toHaveLength(1)
    expect(found[0]).toContain('must hold no password')
    expect(found[0]).toContain('password_file')
    expect(found[0]).not.toContain('hunter2')
  })
})

it('has every key in docs/scaler.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/scaler.md'), 'utf8')
  const keys = Object.entries(configSchema.shape).flatMap(([key, schema]) => {
    const inner = schema.unwrap()
    return 'shape' in inner ? Object.keys(inner.shape).map((name) => `${key}.${name}`) : [key]
  })
  expect(keys.length).toBeGreaterThan(20)
  expect(keys.filter((key) => !text.includes(`| \`${key}\` |`))).toEqual([])
  const example = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? ''
  expect(read(example)).toHaveProperty('tokenFile')
})
