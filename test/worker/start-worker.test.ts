import type { Job, Queue } from 'bullmq'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { controlKey, heartbeatChannel, heartbeatKey, workersKey } from '../../src/worker-protocol.ts'
import {
  buildKit,
  ended,
  openQueue,
  startProgram,
  startRedis,
  type TestRedis,
  type TestWorker,
  until,
} from './support.ts'

let redis: TestRedis
const kits = new Map<5 | 6, string>()

beforeAll(async () => {
  redis = await startRedis()
  kits.set(5, await buildKit(5))
  kits.set(6, await buildKit(6))
})

afterAll(() => redis.close())

describe.each([5, 6] as const)('a worker on BullMQ %i', (major) => {
  const queues: Queue[] = []
  const workers: TestWorker[] = []

  const open = (name: string): Queue => {
    const queue = openQueue(major, name, redis.url)
    queues.push(queue)
    return queue
  }

  async function start(
    options: Record<string, unknown>,
    env: Record<string, string> = {},
  ): Promise<TestWorker> {
    const worker = await startProgram({ kit: kits.get(major) ?? '', redis: redis.url, options, env })
    workers.push(worker)
    return worker
  }

  const add = (queue: Queue, id: string, data: object, options: object = {}): Promise<Job> =>
    queue.add('work', data, { jobId: id, ...options })
  const times = (what: string, id: string): Promise<number> => redis.client.llen(`${what}:${id}`)
  const hasStarted = (id: string) => until(`${id} has started`, async () => (await times('started', id)) > 0)
  const isCompleted = async (queue: Queue, id: string): Promise<boolean> =>
    ['completed', 'failed'].includes(await queue.getJobState(id))
  const isDone = (queue: Queue, id: string) => until(`${id} is done`, () => isCompleted(queue, id))

  afterEach(async () => {
    await Promise.all(workers.splice(0).map(({ process }) => ended(process, 'SIGKILL')))
    await Promise.all(queues.splice(0).map((queue) => queue.close()))
    await redis.client.flushall()
  })

  it('runs no more than its budget over all queues, and takes from them in turn', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(open) as [Queue, Queue, Queue]
    for (let index = 0; index < 12; index++) await add(a, `a${index}`, { ms: 30 })
    for (let index = 0; index < 4; index++) {
      await add(b, `b${index}`, { ms: 30 })
      await add(c, `c${index}`, { ms: 30 })
    }
    let most = 0
    const listener = redis.client.duplicate()
    listener.on('message', (_, text) => {
      most = Math.max(most, (JSON.parse(text) as { busy: number }).busy)
    })
    await listener.subscribe(heartbeatChannel())
    await start({ queues: ['a', 'b', 'c'], concurrency: 2 })
    await until('all are done', async () => (await redis.client.llen('order')) === 20)
    const order = await redis.client.lrange('order', 0, -1)
    // Two run at once, so the first of each round may come in either order.
    for (let round = 0; round < 4; round++)
      expect(order.slice(round * 3, round * 3 + 4)).toEqual(expect.arrayContaining(['a', 'b', 'c']))
    listener.disconnect()
    expect(most).toBe(2)
  })

  it('leaves no slot idle while another queue has work', async () => {
    const [a, b] = [open('a'), open('b')]
    await start({ queues: ['a', 'b'], concurrency: 3 })
    for (const id of ['b1', 'b2', 'b3']) await add(b, id, { ms: 1500 })
    await until('all three run', async () => (await b.getActiveCount()) === 3)
    await add(a, 'a1', { ms: 0 })
    await isDone(a, 'a1')
  })

  it('runs delayed, prioritized, retried and rate-limited tasks', async () => {
    const [a, limited] = [open('a'), open('limited')]
    await add(a, 'later', {}, { delay: 400 })
    await add(a, 'low', {}, { priority: 5 })
    await add(a, 'high', {}, { priority: 1 })
    await start({ queues: ['a', 'limited'], bullmq: { limiter: { max: 2, duration: 500 } } })
    await add(a, 'again', { how: 'throw' }, { attempts: 3, backoff: { type: 'fixed', delay: 50 } })
    for (const id of ['l1', 'l2', 'l3', 'l4', 'l5']) await add(limited, id, {})
    for (const id of ['later', 'low', 'high', 'again']) await isDone(a, id)
    for (const id of ['l1', 'l5']) await isDone(limited, id)
    expect(await times('started', 'again')).toBe(3)
    expect(await a.getJobState('again')).toBe('failed')
    const at = async (queue: Queue, id: string): Promise<number> => (await queue.getJob(id))?.processedOn ?? 0
    expect(await at(a, 'high')).toBeLessThanOrEqual(await at(a, 'low'))
    const later = await a.getJob('later')
    expect(later?.processedOn).toBeGreaterThanOrEqual((later?.timestamp ?? 0) + 400)
    expect((await at(limited, 'l5')) - (await at(limited, 'l1'))).toBeGreaterThanOrEqual(900)
  })

  it('goes on with a queue that was paused, and writes its name into its tasks', async () => {
    const a = open('a')
    await a.pause()
    const worker = await start({ queues: ['a'] }, { NOMAD_ALLOC_ID: 'allocation-1' })
    await add(a, 'one', {})
    await add(a, 'two', {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await times('started', 'one')).toBe(0)
    await a.resume()
    await isDone(a, 'two')
    expect(worker.id).toBe('allocation-1')
    expect((await a.getJob('two'))?.processedBy).toBe('allocation-1')
  })

  it('on SIGTERM takes nothing more, finishes what runs, and exits 0; a second one changes nothing', async () => {
    const a = open('a')
    const worker = await start({ queues: ['a'], concurrency: 2 })
    await add(a, 'long', { ms: 700 })
    await hasStarted('long')
    worker.process.kill('SIGTERM')
    await until('it says that it drains', async () =>
      ((await redis.client.get(heartbeatKey(worker.id))) ?? '').includes('"draining"'),
    )
    await add(a, 'late', {})
    worker.process.kill('SIGTERM')
    worker.process.kill('SIGINT')
    expect(await worker.exit).toBe(0)
    expect([await times('started', 'long'), await times('ended', 'long')]).toEqual([1, 1])
    expect(await a.getJobState('long')).toBe('completed')
    expect(await a.getJobState('late')).toBe('waiting')
    expect(await redis.client.exists(heartbeatKey(worker.id))).toBe(0)
    expect(await redis.client.zscore(workersKey(), worker.id)).toBeNull()
  })

  it('leaves the work of an idle worker that goes to the others', async () => {
    const a = open('a')
    const [first, second] = [await start({ queues: ['a'] }), await start({ queues: ['a'] })]
    for (const id of ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8']) {
      if (id === 'n4') first.process.kill('SIGTERM')
      const from = Date.now()
      await add(a, id, {})
      await isDone(a, id)
      // Not only after the poll that saves a mark which got lost.
      expect(Date.now() - from).toBeLessThan(4000)
    }
    expect(await first.exit).toBe(0)
    expect(second.process.exitCode).toBeNull()
  })

  it('obeys cordon and lift, says so, and still knows it when it is started again', async () => {
    const a = open('a')
    const worker = await start({ queues: ['a'], heartbeatMs: 200 }, { NOMAD_ALLOC_ID: 'allocation-1' })
    const ask = async (want: string, request: string): Promise<void> => {
      await redis.client.set(controlKey(worker.id), JSON.stringify({ want, request }))
      await redis.client.publish(controlKey(worker.id), '')
      await until(`${request} is acknowledged`, async () =>
        ((await redis.client.get(heartbeatKey(worker.id))) ?? '').includes(`"acknowledged":"${request}"`),
      )
    }
    await ask('cordoned', 'first')
    await add(a, 'one', {})
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await times('started', 'one')).toBe(0)
    await ended(worker.process, 'SIGKILL')
    await start({ queues: ['a'], heartbeatMs: 200 }, { NOMAD_ALLOC_ID: 'allocation-1' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await times('started', 'one')).toBe(0)
    await ask('taking', 'second')
    await isDone(a, 'one')
  })

  it('answers health checks, and says when Redis is gone', async () => {
    const worker = await start({ queues: ['a'], concurrency: 3, heartbeatMs: 100, health: { port: 0 } })
    const health = async () => {
      const answer = await fetch(`http://127.0.0.1:${worker.healthPort}/`)
      return { status: answer.status, ...((await answer.json()) as object) }
    }
    expect(await health()).toMatchObject({
      status: 200,
      healthy: true,
      busy: 0,
      concurrency: 3,
      cordoned: false,
    })
    await add(open('a'), 'long', { ms: 1500 })
    await hasStarted('long')
    expect(await health()).toMatchObject({ busy: 1 })
    redis.process.kill('SIGSTOP')
    try {
      await until('it is unhealthy', async () => (await health()).status === 503)
    } finally {
      redis.process.kill('SIGCONT')
    }
    await until('it is healthy again', async () => (await health()).status === 200)
    worker.process.kill('SIGTERM')
    expect(await worker.exit).toBe(0)
  })

  it('finishes what runs while Redis is away, and takes up work when it is back', async () => {
    const a = open('a')
    await start({ queues: ['a'] })
    await add(a, 'long', { ms: 300 })
    await hasStarted('long')
    await redis.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    redis.process.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 800))
    redis.process.kill('SIGCONT')
    await isDone(a, 'long')
    await add(a, 'next', {})
    await isDone(a, 'next')
    expect(await times('started', 'long')).toBe(1)
  })

  it('expires what a killed worker leaves, and another runs its task once more', async () => {
    const a = open('a')
    const short = { queues: ['a'], heartbeatMs: 200, bullmq: { lockDuration: 500, stalledInterval: 500 } }
    const victim = await start(short)
    await add(a, 'task', { ms: 1200 })
    await hasStarted('task')
    await ended(victim.process, 'SIGKILL')
    await until('its heartbeat expires', async () => !(await redis.client.exists(heartbeatKey(victim.id))))
    await until('the task is an orphan', async () => !(await redis.client.exists('bull:a:task:lock')))
    expect(await a.getActiveCount()).toBe(1)
    await start(short)
    await isDone(a, 'task')
    expect([await times('started', 'task'), await times('ended', 'task')]).toEqual([2, 1])
  })

  describe.each(['thread', 'process'] as const)('with its processor in a %s', (isolation) => {
    const file = './spin.mjs'

    it('renews the lock while the processor computes without waiting', async () => {
      const a = open('a')
      const short = { lockDuration: 1500, stalledInterval: 1000 }
      await start({ queues: ['a'], file, isolation, bullmq: short })
      await start({ queues: ['a'], file, isolation, bullmq: short })
      const stalled: string[] = []
      await add(a, 'spin', { ms: 6000 })
      await until('it has finished', async () => {
        // In one step, or the task may end in between.
        const answers = await redis.client.multi().llen('bull:a:active').exists('bull:a:spin:lock').exec()
        const [active, locked] = (answers ?? []).map(([, answer]) => answer)
        if (active === 1 && locked === 0) stalled.push('no lock')
        return isCompleted(a, 'spin')
      })
      const job = await a.getJob('spin')
      expect(stalled).toEqual([])
      expect([job?.attemptsStarted, job?.stalledCounter]).toEqual([1, 0])
      expect(job?.progress).toBe(50)
      expect((await a.getJobLogs('spin')).logs).toHaveLength(1)
    })

    it.each<[string, string, RegExp]>([
      ['an exit', 'exit', /ended \(code 3\)/],
      ['an error outside of its promise', 'stray', /stray|ended/],
      ['what it throws', 'throw', /on purpose/],
      ...(isolation === 'process' ? [['a kill', 'kill', /SIGKILL/] as [string, string, RegExp]] : []),
    ])('survives %s', async (_, how, reason) => {
      const a = open('a')
      const worker = await start({ queues: ['a'], concurrency: 2, file, isolation })
      await add(a, 'good', { ms: 600 })
      await add(a, 'bad', { how })
      await isDone(a, 'bad')
      expect((await a.getJob('bad'))?.failedReason).toMatch(reason)
      await isDone(a, 'good')
      await add(a, 'next', { ms: 1 })
      await isDone(a, 'next')
      expect([await a.getJobState('good'), await a.getJobState('next')]).toEqual(['completed', 'completed'])
      worker.process.kill('SIGTERM')
      expect(await worker.exit).toBe(0)
    })

    it('keeps to the time limits, and replaces the child after so many tasks', async () => {
      const a = open('a')
      await start({
        queues: ['a'],
        file,
        isolation,
        softTimeLimitMs: 300,
        timeLimitMs: 900,
        maxTasksPerWorker: 2,
      })
      await add(a, 'polite', { how: 'polite' })
      await add(a, 'endless', { ms: 60_000 })
      await isDone(a, 'endless')
      expect((await a.getJob('polite'))?.returnvalue).toBe('TimeLimitError')
      expect((await a.getJob('endless'))?.failedReason).toMatch(/hard time limit of 0.9 s/)
      const counts: number[] = []
      for (const id of ['1', '2', '3', '4', '5']) {
        await add(a, `n${id}`, { ms: 1 })
        await isDone(a, `n${id}`)
        const job = await a.getJob(`n${id}`)
        counts.push((job?.returnvalue as { count: number } | undefined)?.count ?? 0)
      }
      expect(counts).toEqual([1, 2, 1, 2, 1])
    })
  })

  describe('with a function as its processor', () => {
    it.each(['stray', 'reject'])(
      'fails the task that left an error behind (%s), finishes the others, exits 70',
      async (how) => {
        const a = open('a')
        const worker = await start({ queues: ['a'], concurrency: 2 })
        await add(a, 'good', { ms: 500 })
        await add(a, 'bad', { how, ms: 100 })
        expect(await worker.exit).toBe(70)
        expect((await a.getJob('bad'))?.failedReason).toMatch(/nothing is not defined|stray rejection/)
        expect(await a.getJobState('good')).toBe('completed')
      },
    )

    it('aborts at the soft limit; at the hard one fails the task and leaves with 70', async () => {
      const a = open('a')
      const worker = await start({ queues: ['a'], softTimeLimitMs: 100, timeLimitMs: 400 })
      await add(a, 'polite', { how: 'polite' })
      await isDone(a, 'polite')
      expect((await a.getJob('polite'))?.returnvalue).toMatch(/soft time limit of 0.1 s/)
      await add(a, 'endless', { ms: 60_000 })
      expect(await worker.exit).toBe(70)
      expect((await a.getJob('endless'))?.failedReason).toMatch(/hard time limit of 0.4 s/)
    })

    it('leaves with 75 after so many tasks', async () => {
      const a = open('a')
      for (const id of ['n1', 'n2', 'n3', 'n4']) await add(a, id, { ms: 50 })
      const worker = await start({ queues: ['a'], concurrency: 2, maxTasksPerWorker: 3 })
      expect(await worker.exit).toBe(75)
      expect(await a.getCompletedCount()).toBe(3)
      expect(await a.getWaitingCount()).toBe(1)
    })
  })
})

describe('options that cannot work', () => {
  it.each([
    [{ queues: [] }, /queues is empty/],
    [{ queues: ['a', 'a'] }, /names a queue twice/],
    [{ queues: ['a'], concurrency: 0 }, /not a whole number above 0/],
    [{ queues: ['a'], file: './missing.mjs' }, /there is no file .*missing\.mjs/],
  ])('%j', async (options, message) => {
    await expect(startProgram({ kit: kits.get(6) ?? '', redis: redis.url, options })).rejects.toThrow(message)
  })
})
