import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openRedis, type RedisLink, redisTarget } from '../../src/adapters/redis.ts'
import { createWorkerCommands, type WorkerCommands } from '../../src/adapters/worker-commands.ts'
import { celeryCommand } from '../../src/core/stack/celery.ts'
import { celeryPython, noCelery } from '../worker/celery-venv.ts'

import {
  buildKit,
  ended,
  startProgram,
  startRedis,
  type TestRedis,
  type TestWorker,
  until,
} from '../worker/support.ts'

let redis: TestRedis
let link: RedisLink

beforeAll(async () => {
  redis = await startRedis()
  link = openLink(0)
})

afterAll(async () => {
  link.close()
  await redis.close()
})

function openLink(database: number): RedisLink {
  const found = redisTarget({ DROVER_REDIS_URL: `${redis.url}/${database}` })
  if (!found) throw new Error('no target')
  return openRedis(found.target, 'test')
}

describe('a worker made with drover/worker', () => {
  const workers: TestWorker[] = []
  let kit: string
  let commands: WorkerCommands

  beforeAll(async () => {
    kit = await buildKit(6)
    commands = createWorkerCommands({ broker: { link, database: 0, prefix: '' }, timeoutMs: 1000 })
  })

  afterEach(async () => {
    await Promise.all(workers.splice(0).map(({ process }) => ended(process, 'SIGKILL')))
    await redis.client.flushall()
  })

  const start = async (id: string): Promise<TestWorker> => {
    const worker = await startProgram({
      kit,
      redis: redis.url,
      options: { queues: ['a'], heartbeatMs: 200 },
      env: { NOMAD_ALLOC_ID: id },
    })
    workers.push(worker)
    return worker
  }

  it('is cordoned and lifted by the start of its id, and says so', async () => {
    await start('aa11-one')
    await start('bb22-two')
    expect(await commands.ask('aa', 'cordoned')).toEqual([
      { worker: 'aa11-one', kind: 'bullmq', state: 'cordoned', busy: 0 },
    ])
    const states = async () =>
      (
        await Promise.all(['aa11-one', 'bb22-two'].map((id) => redis.client.get(`{drover}:worker:${id}`)))
      ).map((text) => /"state":"(\w+)"/.exec(text ?? '')?.[1])
    expect(await states()).toEqual(['cordoned', 'taking'])
    expect(await commands.ask('aa11-one', 'taking')).toMatchObject([{ state: 'taking' }])
  })

  it('is found by its host', async () => {
    await start('aa11-one')
    await start('bb22-two')
    const { node } = JSON.parse((await redis.client.get('{drover}:worker:aa11-one')) ?? '{}') as {
      node: string
    }
    expect((await commands.ask(node, 'cordoned')).map(({ worker, state }) => [worker, state])).toEqual([
      ['aa11-one', 'cordoned'],
      ['bb22-two', 'cordoned'],
    ])
  })

  it('is unknown when it does not obey in time, and obeys when it can', async () => {
    const worker = await start('aa11-one')
    worker.process.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await commands.ask('aa11-one', 'cordoned')).toMatchObject(
      [{ state: 'unknown', cause: /./ }].map((answer) => ({
        ...answer,
        cause: expect.stringMatching(/did not obey|heard of/),
      })),
    )
    worker.process.kill('SIGCONT')
    await until('it is cordoned', async () =>
      ((await redis.client.get('{drover}:worker:aa11-one')) ?? '').includes('"cordoned"'),
    )
  })

  it('is unknown when it drains', async () => {
    const worker = await start('aa11-one')
    await redis.client.lpush('x', 'y')
    const { openQueue } = await import('../worker/support.ts')
    const queue = openQueue(6, 'a', redis.url)
    await queue.add('work', { ms: 1500 }, { jobId: 'long' })
    await until('it works', async () => (await redis.client.llen('started:long')) === 1)
    worker.process.kill('SIGTERM')
    await until('it drains', async () =>
      ((await redis.client.get('{drover}:worker:aa11-one')) ?? '').includes('"draining"'),
    )
    expect(await commands.ask('aa11-one', 'cordoned')).toMatchObject([
      { state: 'unknown', cause: 'it is draining' },
    ])
    await queue.close()
  })

  it('is unknown when nobody has this name', async () => {
    expect(await commands.ask('cc33', 'cordoned')).toEqual([
      { worker: 'cc33', state: 'unknown', cause: 'no worker answers to this name' },
    ])
  })
})

if (noCelery) console.log(noCelery)

describe.skipIf(noCelery).each([
  ['a Celery worker', 0, ''],
  ['a Celery worker in another database, with a prefix', 3, 'shop:'],
])('%s', (_, database, prefix) => {
  const allocation = randomUUID()
  const node = `group@${allocation}`
  let celery: ChildProcess
  let own: RedisLink
  let commands: WorkerCommands
  let log = ''

  beforeAll(async () => {
    const [program = '', ...args] = celeryCommand(
      'group',
      ['one', 'two'],
      1,
      { app: 'celery_program', logLevel: 'INFO', prefetchMultiplier: 1, acksLate: true, arguments: [] },
      {
        software: 'celery',
        service: 'redis',
        database,
        prefix,
        visibilityTimeoutMs: 7_200_000,
        transportOptions: {},
      },
    ).map((word) => word.join('').replace('${NOMAD_ALLOC_ID}', allocation))
    expect(program).toBe('celery')
    celery = spawn(celeryPython(), ['-m', 'celery', ...args], {
      cwd: fileURLToPath(new URL('../../script/retirement', import.meta.url)),
      env: { ...process.env, BROKER: `${redis.url}/${database}`, PYTHONDONTWRITEBYTECODE: '1' },
    })
    for (const stream of [celery.stdout, celery.stderr])
      stream?.on('data', (chunk) => {
        log += chunk
      })
    await until('Celery is ready', () => log.includes(' ready.'), 60_000)
    own = openLink(database)
    commands = createWorkerCommands({ broker: { link: own, database, prefix }, timeoutMs: 2000 })
  }, 180_000)

  afterAll(async () => {
    own?.close()
    if (celery) await ended(celery, 'SIGTERM')
    await redis.client.flushall()
  })

  it('is cordoned and lifted by its allocation', async () => {
    expect(await commands.ask(allocation, 'cordoned')).toEqual([
      { worker: node, kind: 'celery', state: 'cordoned', busy: 0 },
    ])
    expect(log).toMatch(/Canceling queue one/)
    expect(log).toMatch(/Canceling queue two/)
    expect(await commands.ask(node, 'cordoned')).toMatchObject([{ state: 'cordoned' }])
    expect(await commands.ask(allocation.slice(0, 8), 'taking')).toEqual([
      { worker: node, kind: 'celery', state: 'taking', busy: 0 },
    ])
    expect(log).toMatch(/Started consuming from one/)
    expect(log).toMatch(/Started consuming from two/)
    expect(await commands.ask(node, 'taking')).toMatchObject([{ state: 'taking' }])
  })

  it('is settled: cordoned, with nothing on its way, though a task runs', async () => {
    const client = redis.client.duplicate({ db: database })
    const add = (task: string, ms: number) =>
      client.lpush(`${prefix}one`, celeryMessage('one', 'work', [task, ms]))
    try {
      await add('long', 1500)
      await until('the task runs', async () => (await client.llen('started:long')) === 1)
      expect(await commands.settleCelery(allocation)).toEqual([
        { worker: node, kind: 'celery', state: 'cordoned', busy: 1 },
      ])
      await add('later', 1)
      await until('the task ends', async () => (await client.llen('ended:long')) === 1)
      expect(await client.llen('started:later')).toBe(0)
      await commands.ask(node, 'taking')
      await until('it takes again', async () => (await client.llen('ended:later')) === 1)
      expect(await client.llen('started:long')).toBe(1)
    } finally {
      client.disconnect()
    }
  })

  it('leaves nothing behind in Redis', async () => {
    const client = redis.client.duplicate({ db: database })
    const keys = await client.keys('*reply.celery.pidbox*')
    client.disconnect()
    expect(keys.filter((key) => !key.includes('_kombu.binding'))).toEqual([])
  })

  it('is unknown when it is stopped', async () => {
    celery.kill('SIGSTOP')
    try {
      expect(await commands.ask(node, 'cordoned')).toMatchObject([
        { worker: node, state: 'unknown', cause: 'it did not answer within 2 s' },
      ])
    } finally {
      celery.kill('SIGCONT')
    }
  })
})

/** What Celery's clients put into the list of a queue. */
function celeryMessage(queue: string, task: string, args: readonly unknown[]): string {
  const id = randomUUID()
  return JSON.stringify({
    body: Buffer.from(JSON.stringify([args, {}, {}])).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: { lang: 'py', task, id, ignore_result: true },
    properties: {
      correlation_id: id,
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: queue },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  })
}
