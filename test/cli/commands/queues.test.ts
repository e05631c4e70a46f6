import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'
import { runCli } from '../../helpers/run-cli.ts'

const STACK = `
name: shop
broker: { software: bullmq, service: redis }
services:
  redis: { image: redis:7, ports: { redis: 6379 } }
workers:
  mailers:
    image: shop:1
    command: [work]
    queues: [mail, post]
    depends_on: [redis]
    scale: { max: 4 }
  printers:
    image: shop:1
    command: [work]
    queues: [print]
    depends_on: [redis]
    scale: { max: 2 }
`
const ALLOCATION = '0b7c2a52-8d7e-4c5f-9a35-1c2d3e4f5a6b'

describe.skipIf(!hasRedisServer)('drover queues', () => {
  let server: RedisServer
  let redis: Redis
  let cwd = ''

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'drover-queues-'))
    writeFileSync(join(cwd, 'stack.yml'), STACK)
    server = await startRedisServer()
    redis = new Redis(server.url)
    await redis.rpush('bull:mail:wait', '1', '2')
    await redis.hset('bull:mail:2', { timestamp: Date.now() - 300_000 })
    await redis.rpush('bull:print:active', '7', '8')
    await redis.set('bull:print:7:lock', 'token')
    await redis.hset('bull:print:7', { pb: ALLOCATION })
    await redis.hset('bull:print:meta', { paused: '1' })
  })
  afterAll(async () => {
    redis?.disconnect()
    await server?.close()
    rmSync(cwd, { recursive: true })
  })
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    runCli(['queues', ...args], { cwd, env })

  it('shows queues with their groups, and who is busy', async () => {
    const { code, stdout, stderr } = await run([], { DROVER_REDIS_URL: server.url })
    const lines = stdout.split('\n').map((line) => line.trimEnd().replace(/ {2,}/g, '|'))
    expect(lines.slice(0, 4)).toEqual([
      'QUEUE|GROUP|WAITING|ACTIVE|DELAYED|OLDEST|PER MIN|WORKERS',
      'mail|mailers|2|0|0|5m|-|none',
      'post|mailers|0|0|0|-|-|none',
      'print|printers|0|1|0|-|-|1 busy|paused, 1 orphaned',
    ])
    expect(lines.slice(5, 7)).toEqual([
      'WORKER|GROUP|STATE|RUNNING|INTAKE',
      `${ALLOCATION}|printers|busy|1|-`,
    ])
    expect(stderr).toBe(`bullmq on redis://127.0.0.1:${server.port}/0: polls ready, pushes off\n`)
    expect(code).toBe(0)
  })

  it('prints the same as JSON, without what is not known', async () => {
    const { stdout } = await run(['--json', '--group', 'printers', '--redis', server.url])
    const { queues, workers, source } = JSON.parse(stdout)
    expect(queues).toEqual([
      expect.objectContaining({
        queue: 'print',
        group: 'printers',
        waiting: 0,
        active: 1,
        orphaned: 1,
        paused: true,
      }),
    ])
    expect(queues[0]).not.toHaveProperty('throughputPerMin')
    expect(workers).toEqual([expect.objectContaining({ allocation: ALLOCATION, state: 'busy', busy: 1 })])
    expect(source).toMatchObject({ software: 'bullmq', polls: { status: 'ready' } })
  })

  it('says why a queue is not known, and exits 5', async () => {
    await redis.set('bull:post:wait', 'x')
    const { code, stdout, stderr } = await run(['--redis', server.url, '--group', 'mailers'])
    await redis.del('bull:post:wait')
    expect(stdout).toMatch(/^post +mailers .*wrong-type$/m)
    expect(stdout).toMatch(/^mail +mailers +2 /m)
    expect(stderr).toContain('post: a key is of the wrong type')
    expect(code).toBe(5)
  })

  it("reads Celery's queues as the application has set them up", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-celery-'))
    const stack = STACK.replace(
      '{ software: bullmq, service: redis }',
      '{ software: celery, service: redis, priority_steps: [0, 5], separator: ":" }',
    )
    writeFileSync(join(folder, 'stack.yml'), stack)
    await redis.rpush('print', '{}')
    await redis.rpush('print:5', '{}', '{}')
    const args = ['queues', '--json', '--group', 'printers', '--redis', server.url]
    const { stdout } = await runCli(args, { cwd: folder })
    await redis.del('print', 'print:5')
    rmSync(folder, { recursive: true })
    expect(JSON.parse(stdout).queues).toEqual([expect.objectContaining({ queue: 'print', waiting: 3 })])
  })

  it('exits 5 when there is no Redis, with a dash and not a 0 for every number', async () => {
    const { code, stdout, stderr } = await run(['--redis', 'redis://127.0.0.1:1'])
    expect(code).toBe(5)
    expect(stdout).not.toMatch(/\b0\b/)
    expect(stderr).toContain('Redis is not reachable')
  })

  it.each<[what: string, args: string[], says: RegExp]>([
    ['no address', [], /where the broker redis is reached/],
    ['a password that others can read', ['--redis', 'redis://:pw@127.0.0.1:1'], /can be read by others/],
    ['no address that can be read', ['--redis', 'http://x'], /does not start with redis/],
    ['a group that there is not', ['--group', 'nobody'], /There is: mailers, printers/],
  ])('refuses %s', async (_, args, says) => {
    const { code, stderr } = await run(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(says)
    expect(stderr).not.toContain(':pw@')
  })

  it('shows changes as they happen until it is interrupted', async () => {
    const abort = new AbortController()
    let printed = ''
    const shown = runCli(['queues', '--watch', '--json', '--redis', server.url], {
      cwd,
      signal: abort.signal,
      stdout: {
        write(text: string) {
          printed += text
          const counts = printed
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line).queues[1].waiting)
          if (counts.length === 1) setTimeout(() => void add(), 300)
          if (counts.includes(1)) abort.abort()
        },
      },
    })
    const add = async () => {
      await redis.rpush('bull:post:wait', '9')
      await redis.xadd('bull:post:events', '*', 'event', 'waiting')
    }
    expect((await shown).code).toBe(130)
    const lines = printed.split('\n').filter(Boolean)
    expect(JSON.parse(lines[0] ?? '').queues[1].waiting).toBe(0)
  })
})
