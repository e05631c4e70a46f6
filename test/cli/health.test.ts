import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { waitUntil } from '../helpers/wait-until.ts'
import { startFakePlatform } from './health-fake-platform.ts'
import { inFolder } from './in-folder.ts'

const NOW = Date.UTC(2026, 10, 24, 12)
const STACK = `name: shop
silence: { no-check: These are tests. }
services:
  api: { image: "api:1", ports: { main: 80 }, depends_on: { db: healthy } }
  db: { image: "db:1", ports: { main: 5432 }, checks: [{ type: script, name: db-ready, command: [ready] }] }
`
const REFUSED = 'Could not connect\n\u001b[31mat 10.0.0.1'

let platform: Awaited<ReturnType<typeof startFakePlatform>>
const folder = inFolder()

beforeAll(async () => {
  platform = await startFakePlatform(NOW)
})
afterAll(() => platform.close())
beforeEach(() => {
  platform.reset()
  folder.write({ 'stack.yml': STACK })
})

const env = () => ({ NOMAD_ADDR: platform.nomad.address, CONSUL_HTTP_ADDR: platform.consul })
const health = (line = '', more: object = {}) =>
  folder.run(`health ${line}`, { env: env(), now: () => NOW, ...more })

describe('drover health', () => {
  it('prints a line for each part, and exits 5 when one is not healthy', async () => {
    expect(await health()).toEqual({
      code: 5,
      stdout:
        'api: waiting, 0/1 running: waits for db: check db-ready failing since 45 s\n' +
        'db: starting, 1/1 running: check db-ready failing since 45 s\n',
      stderr: '0 of 2 healthy; 1 waiting, 1 starting\n',
    })
  })

  it('exits 0 when all is', async () => {
    platform.heal()
    expect(await health()).toEqual({
      code: 0,
      stdout: 'api: healthy, 1/1 running\ndb: healthy, 1/1 running\n',
      stderr: '2 of 2 healthy\n',
    })
  })

  it('prints a table on a terminal', async () => {
    platform.agentChecks = [platform.check('critical', REFUSED)]
    const { stdout } = await health('', { isTTY: true, env: { ...env(), NO_COLOR: '1' } })
    expect(stdout.split('\n')).toEqual([
      'NAME  STATE     RUNNING  CHECKS  RESTARTS  CHANGED  ENDPOINTS      WHY',
      'api   waiting       0/1       -         0      45s  -              waits for db: check db-ready failing since 45 s: Could not connect [31mat 10.0.0.1',
      'db    starting      1/1     0/1         0      45s  10.0.0.1:5432  check db-ready failing since 45 s: Could not connect [31mat 10.0.0.1',
      '',
    ])
  })

  it('takes what a check says from the agent, which knows it sooner, unless its status is another', async () => {
    platform.agentChecks = [platform.check('critical', REFUSED)]
    expect((await health('db')).stdout).toBe(
      'db: starting, 1/1 running: check db-ready failing since 45 s: Could not connect [31mat 10.0.0.1\n' +
        '\ndb: check db-ready critical: Could not connect [31mat 10.0.0.1\n',
    )
    platform.agentChecks = [platform.check('passing', 'ready')]
    expect((await health('db')).stdout).not.toContain('ready:')
  })

  it('prints all of it as JSON', async () => {
    const { code, stdout, stderr } = await health('--json')
    expect([code, stderr]).toEqual([5, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      healthy: false,
      lines: [
        {
          name: 'api',
          kind: 'service',
          state: 'waiting',
          waitsFor: [
            {
              for: 'service',
              name: 'db',
              since: NOW - 40_000,
              check: { name: 'db-ready', since: NOW - 45_000 },
            },
          ],
        },
        { name: 'db', endpoints: ['10.0.0.1:5432'], changedAt: NOW - 45_000 },
      ],
      unseen: [],
    })
  })

  it('asks little: lists of Nomad, and of Consul its checks, its nodes and services without a check', async () => {
    platform.nomad.requests = []
    await health()
    expect(platform.nomad.requests.sort()).toEqual([
      'GET /v1/allocations',
      'GET /v1/evaluations',
      'GET /v1/jobs/statuses',
    ])
    expect(platform.asked.sort()).toEqual([
      'GET /v1/agent/checks',
      'GET /v1/catalog/node-services/one',
      'GET /v1/catalog/service/api',
      'GET /v1/health/state/any',
    ])
  })

  it('says why there is no place', async () => {
    platform.allocations = []
    platform.blocked = [
      { JobID: 'db', FailedTGAllocs: { db: { CoalescedFailures: 0, DimensionExhausted: { memory: 1 } } } },
    ]
    expect((await health('db')).stdout).toMatch(
      /^db: down, 0\/1 running: 1 allocation of db cannot be placed: memory does not suffice on 1 node$/m,
    )
  })

  it.each([
    ['apu', 'the stack shop has no "apu". Did you mean api?'],
    ['--timeout 5s', '--timeout is for --wait only'],
    ['--wait --timeout soon', '--timeout: "soon" must be a duration such as "30s", "5m" or "1h30m"'],
    ['--wait --watch', '--wait ends when all is healthy, --watch does not: give one of them'],
    ['--profile nothing', 'no job has the profile nothing'],
  ])('refuses %s', async (line, words) => {
    const { code, stderr } = await health(line)
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
    expect(platform.asked).toEqual([])
  })
})

describe('what cannot be seen', () => {
  it('is said, with what the other knows', async () => {
    platform.heal()
    platform.consulStatus = 403
    const withoutConsul = await health()
    expect(withoutConsul).toMatchObject({
      code: 5,
      stdout: expect.stringMatching(/^db: unknown, 1\/1 running: Consul cannot be asked for its checks$/m),
      stderr: expect.stringMatching(/^Consul cannot be asked: Consul refuses to read .*service:read/m),
    })
    platform.consulStatus = 200
    platform.nomad.answer = () => 'hang up'
    expect(await health()).toMatchObject({
      code: 5,
      stdout: expect.stringMatching(/^db: unknown: Nomad cannot be asked; its checks pass$/m),
      stderr: expect.stringMatching(/^Nomad cannot be asked: Nomad at \S+ is not reachable/m),
    })
  })

  it('is an answer that makes no sense, too', async () => {
    platform.nomad.answer = () => [200, [{ ID: 'db' }]]
    const { code, stderr } = await health()
    expect([code, stderr]).toEqual([
      5,
      expect.stringMatching(/^Nomad cannot be asked: what answers at .* cannot be read/m),
    ])
  })
})

describe('drover health --wait', () => {
  it('tells each change once, and ends when all is healthy', async () => {
    const waiting = health('--wait --timeout 30s')
    const asked = () => platform.asked.filter((line) => line.endsWith('/state/any')).length
    await waitUntil('it has asked twice', async () => (asked() >= 2 ? true : undefined))
    platform.heal()
    expect(await waiting).toEqual({
      code: 0,
      stdout: 'api: healthy, 1/1 running\ndb: healthy, 1/1 running\n',
      stderr:
        'api: waiting, 0/1 running: waits for db: check db-ready failing since 45 s\n' +
        'db: starting, 1/1 running: check db-ready failing since 45 s\n' +
        '2 of 2 healthy\n',
    })
  })

  it('exits 5 when the time is over, with how it is then', async () => {
    const { code, stdout, stderr } = await health('api --wait --timeout 10ms')
    expect([code, stdout]).toEqual([
      5,
      'api: waiting, 0/1 running: waits for db: check db-ready failing since 45 s\n',
    ])
    expect(stderr).toMatch(/not all is healthy after 10ms\n$/)
  })

  it('goes on while Nomad is away', async () => {
    platform.heal()
    const { answer } = platform.nomad
    platform.nomad.answer = () => 'hang up'
    const waiting = health('--wait --timeout 30s')
    await waitUntil('it has asked', async () => (platform.nomad.requests.length > 0 ? true : undefined))
    platform.nomad.answer = answer
    const { code, stderr } = await waiting
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Nomad cannot be asked: .*not reachable/m)])
  })
})

describe('drover health --watch', () => {
  it('prints what has changed, until it is interrupted', async () => {
    const abort = new AbortController()
    const printed: string[] = []
    const stdout = { write: (text: string) => void printed.push(text) }
    const watching = health('--watch', { signal: abort.signal, stdout })
    await waitUntil('it has printed', async () => (printed.length > 0 ? true : undefined))
    platform.heal()
    await waitUntil('it has seen the change', async () =>
      /api: healthy/.test(printed.join('')) ? true : undefined,
    )
    abort.abort()
    expect((await watching).code).toBe(130)
    expect(printed.join('').split('\n').filter(Boolean)).toEqual([
      'api: waiting, 0/1 running: waits for db: check db-ready failing since 45 s',
      'db: starting, 1/1 running: check db-ready failing since 45 s',
      'api: healthy, 1/1 running',
      'db: healthy, 1/1 running',
    ])
  })

  it('paints the screen anew on a terminal, and writes a line of JSON with --json', async () => {
    const shown = async (line: string, isTTY: boolean) => {
      const abort = new AbortController()
      const printed: string[] = []
      const stdout = { isTTY, columns: 100, write: (text: string) => void printed.push(text) }
      const plain = { ...env(), NO_COLOR: '1' }
      const watching = health(line, { signal: abort.signal, stdout, env: plain })
      await waitUntil('it has printed', async () => (/db/.test(printed.join('')) ? true : undefined))
      abort.abort()
      await watching
      return printed.join('')
    }
    const [clear, head, ...rows] = (await shown('--watch', true)).split(/(?=NAME)|\n/)
    expect([clear, head?.slice(0, 11), rows.length]).toEqual(['\u001b[H\u001b[2J', 'NAME  STATE', 3])
    const lines = (await shown('--watch --json', false)).trimEnd().split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      healthy: false,
      lines: [{ name: 'api' }, { name: 'db' }],
    })
  })
})
