import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { renderedJob } from '../../../scaler/daemon/policy-provider.ts'
import { loadStack } from '../../../src/adapters/stack-file.ts'
import { type NomadEmulator, simulatedRunner, startNomadEmulator } from '../../../src/sandbox/index.ts'
import { type BuiltDrover, buildDrover, type DroverProcess } from '../../helpers/built-drover.ts'
import { bullmq } from '../../helpers/bullmq.ts'
import { hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'
import { waitUntil } from '../../helpers/wait-until.ts'

const STACK = `name: shop
broker: {software: bullmq, service: redis}
services:
  redis: {image: "redis:7", ports: {redis: 6379}}
workers:
  heavy:
    driver: raw_exec
    command: ["/bin/true"]
    queues: [heavy]
    concurrency: 1
    scale: {min: 0, max: 3, keep_alive: 1h}
`
const PASSWORD = 'hunter2-of-redis'
const TOKEN = 'hunter2-of-the-api'

let drover: BuiltDrover
let redis: RedisServer
beforeAll(async () => {
  if (!hasRedisServer) return
  drover = buildDrover()
  redis = await startRedisServer({ args: ['--requirepass', PASSWORD] })
})
afterAll(async () => {
  drover?.remove()
  await redis?.close()
})

if (!hasRedisServer) console.log('skipped: no redis-server on PATH')

describe.skipIf(!hasRedisServer)('drover scaler', () => {
  let folder: string
  let nomad: NomadEmulator
  let running: DroverProcess[]
  const stackFile = () => join(folder, 'stack.yml')

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-daemon-'))
    writeFileSync(stackFile(), STACK)
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`)
    running = []
    nomad = await startNomadEmulator({ runner: simulatedRunner() })
    const { stack } = loadStack({ file: stackFile() })
    const Job = await renderedJob(stack, { namespace: 'default', job: 'heavy', group: 'heavy' })
    await call('PUT', '/v1/jobs', { Job })
    const queue = queueOf()
    await queue.obliterate({ force: true })
    await queue.close()
  })
  afterEach(async () => {
    for (const { child } of running) child.kill('SIGKILL')
    await Promise.all(running.map(({ ended }) => ended))
    await nomad.close()
    rmSync(folder, { recursive: true, force: true })
  })

  function queueOf() {
    const { port } = redis
    return new (bullmq(6).Queue)('heavy', { connection: { host: '127.0.0.1', port, password: PASSWORD } })
  }

  async function enqueue(count: number): Promise<void> {
    const queue = queueOf()
    for (let index = 0; index < count; index++) await queue.add('task', { index })
    await queue.close()
  }

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${nomad.address}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { TaskGroups: Record<string, { Desired: number }> }
  }

  const count = async () => (await call('GET', '/v1/job/heavy/scale')).TaskGroups.heavy?.Desired
  const untilCount = (wanted: number) =>
    waitUntil(`a count of ${wanted}`, async () => ((await count()) === wanted ? true : undefined), {
      everyMs: 20,
    })

  function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): DroverProcess {
    const usual = [
      ['--stack', stackFile()],
      ['--listen', '127.0.0.1:0'],
    ].filter(([flag = '']) => !args.includes(flag))
    const one = drover.start(['scaler', ...usual.flat(), ...args], {
      NOMAD_ADDR: nomad.address,
      DROVER_REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:${redis.port}/0`,
      DROVER_TOKEN_FILE: join(folder, 'token'),
      XDG_STATE_HOME: folder,
      ...env,
    })
    running.push(one)
    return one
  }

  const addressOf = async (one: DroverProcess) => (await one.says(/http:\/\/127[^ ",]+/)) as string

  it('scales when work comes, answers its API, and stops within five seconds', async () => {
    const one = start()
    const address = await addressOf(one)
    await one.says(/ leads/)
    await enqueue(2)
    await untilCount(2)
    await one.says(/heavy: 0 -> 2/)
    const ready = await fetch(`${address}/health/ready`)
    expect(ready.status).toBe(200)
    const at = Date.now()
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
    expect(Date.now() - at).toBeLessThan(5000)
    expect(one.stderr()).not.toMatch(/hunter2/)
    // Every line is JSON: nobody watches a terminal.
    for (const line of one.stderr().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('message')

    // The next one leads at once, and knows what the one before it did.
    const next = start()
    await next.says(/ leads/, 5000)
    const history = await fetch(`${await addressOf(next)}/v1/history?limit=50`)
    expect(JSON.stringify(await history.json())).toContain('0 -> 2')
    next.child.kill('SIGINT')
    expect(await next.ended).toBe(0)
  })

  it('changes nothing in a dry run', async () => {
    await enqueue(3)
    const one = start(['--dry-run'])
    await one.says(/count 0 to 3.*dry run/)
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
    expect(await count()).toBe(0)
  })

  it.each([
    [['--dry-run'], 0],
    [[], 2],
  ])('looks once with %j', async (args, after) => {
    await enqueue(2)
    const one = start(['--once', '--json', ...args])
    expect(await one.ended).toBe(0)
    const { groups } = JSON.parse(one.stdout())
    expect(groups).toHaveLength(1)
    expect(groups[0]).toMatchObject({ group: 'heavy', waiting: 2 })
    expect(await count()).toBe(after)
  })

  it('exits 5 when it is blind, and says why without the password', async () => {
    const one = start(['--once'], { DROVER_REDIS_URL: `redis://:${PASSWORD}@127.0.0.1:1/0` })
    expect(await one.ended).toBe(5)
    expect(one.stdout()).toMatch(/^heavy +0 +0 +- +- +/m)
    expect(one.stderr()).toContain('ECONNREFUSED')
    expect(one.stderr()).not.toContain(PASSWORD)
  })

  it('follows its files, and keeps what it had when one is wrong', async () => {
    const one = start()
    await one.says(/ leads/)
    await enqueue(9)
    await untilCount(3)
    writeFileSync(stackFile(), STACK.replace('max: 3', 'max: many'))
    await one.says(/stack\.yml:11:\d+ workers\.heavy\.scale\.max/)
    expect(await count()).toBe(3)
    writeFileSync(stackFile(), STACK.replace('max: 3', 'max: 4'))
    // Nomad has the bounds of the job as it was registered, and says so.
    await one.says(/heavy: 3 -> 4/)
    await one.says(/"answer":"out-of-bounds"/)
    one.child.kill('SIGHUP')
    await one.says(/read again: SIGHUP/)
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
  })

  it('tells a webhook, once', async () => {
    const bodies: string[] = []
    const hook: Server = createServer((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)))
      request.on('end', () => response.end())
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    const { port } = hook.address() as AddressInfo
    mkdirSync(join(folder, 'etc'))
    writeFileSync(join(folder, 'etc/hook'), `http://127.0.0.1:${port}/hunter2`)
    writeFileSync(join(folder, 'etc/scaler.yml'), 'alerts: {webhook_file: hook, max_age: 1s, after: 0s}\n')
    const one = start(['--config', join(folder, 'etc/scaler.yml')])
    await one.says(/ leads/)
    await enqueue(5)
    await waitUntil('the webhook is called', async () => bodies[0], { everyMs: 50 })
    expect(JSON.parse(bodies[0] ?? '').text).toContain('drover shop: heavy: ')
    expect(bodies.join()).toContain('backlog-over-threshold')
    one.child.kill('SIGTERM')
    expect(await one.ended).toBe(0)
    expect(one.stderr()).not.toContain('hunter2')
    hook.closeAllConnections()
    await new Promise((resolve) => hook.close(resolve))
  })

  it('lets one of two lead', async () => {
    const first = start()
    await first.says(/ leads/)
    const second = start()
    await addressOf(second)
    await second.says(/history is kept in memory only/)
    await enqueue(2)
    await untilCount(2)
    expect(second.stderr()).not.toMatch(/ leads"/)
    first.child.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    await second.says(/ leads/, 5000)
  })

  it.each<[name: string, args: readonly string[], env: Record<string, string>, code: number, words: RegExp]>([
    [
      'a stack that is not there',
      ['--stack', '/nowhere/stack.yml'],
      {},
      2,
      /\/nowhere\/stack\.yml does not exist/,
    ],
    [
      'a configuration that is not there',
      ['--config', '/nowhere.yml'],
      {},
      2,
      /\/nowhere\.yml does not exist/,
    ],
    ['a wrong address', ['--listen', 'here'], {}, 2, /must be HOST:PORT/],
    ['an address of another machine', ['--listen', '192.0.2.1:80'], {}, 5, /does not have this address/],
    ['a Nomad that is no address', [], { NOMAD_ADDR: 'nomad' }, 2, /NOMAD_ADDR is not an address/],
    [
      'a Redis that is no address',
      [],
      { DROVER_REDIS_URL: 'http://:hunter2@x' },
      2,
      /does not start with redis:/,
    ],
    ['a token that cannot be read', [], { DROVER_TOKEN_FILE: '/nowhere' }, 2, /cannot read \/nowhere/],
    ['a webhook that is no address', [], { DROVER_ALERT_WEBHOOK: 'hunter2' }, 3, /alert webhook/],
  ])('ends at once with %s', async (_, args, env, code, words) => {
    const one = start(args, env)
    expect(await one.ended).toBe(code)
    expect(one.stderr()).toMatch(words)
    expect(one.stderr()).not.toContain('hunter2')
  })
})
