import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keySlot } from '../../../src/core/queues/key-slot.ts'
import { bullmq, gate, MAJORS } from '../../helpers/bullmq.ts'
import {
  causeOf,
  isChangeOf,
  isReady,
  listen,
  openSource,
  readOne,
  sampleOf,
  until,
} from '../../helpers/queue-source.ts'
import { type RedisCluster, startRedisCluster } from '../../helpers/redis-cluster.ts'
import { hasRedisServer } from '../../helpers/redis-server.ts'

describe.skipIf(!hasRedisServer)('in a Redis Cluster', { timeout: 30_000 }, () => {
  let cluster: RedisCluster
  let client: Cluster
  const connect = () =>
    new Cluster(
      cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
      { redisOptions: { maxRetriesPerRequest: null } },
    )

  beforeAll(async () => {
    cluster = await startRedisCluster()
    client = connect()
    await client.set('x', '1')
  }, 60_000)
  afterAll(async () => {
    client?.disconnect()
    await cluster?.close()
  })

  it.each(['a', 'bull:mail:wait', '{bull}:mail:wait', 'bull:{mail}:wait', '{}x', 'a{', 'é{ü}', 'a{b}{c}'])(
    'agrees with Redis on the slot of %s',
    async (key) => expect(keySlot(key)).toBe(await client.cluster('KEYSLOT', key)),
  )

  // {bull} has all queues in one slot; without a tag in the prefix each queue brings its own.
  it.each(
    MAJORS.flatMap((major) => [
      ['{bull}', ['mail', 'post', 'print'], major] as const,
      ['bull', ['{mail}', '{post}', '{print}'], major] as const,
    ]),
  )('reads BullMQ queues with the prefix %s: %j, version %d', async (prefix, names, major) => {
    const { Queue, Worker } = bullmq(major)
    const connection = connect()
    const queues = names.map((name) => new Queue(name, { connection, prefix }))
    const source = openSource('bullmq', cluster.url, { prefix, workersEveryMs: 0 })
    const told = listen(source, names)
    await told.next(isReady)
    for (const [index, queue] of queues.entries()) {
      const change = told.next(isChangeOf(names[index] ?? ''))
      await queue.addBulk(Array.from({ length: index + 1 }, () => ({ name: 'a', data: {} })))
      await change
    }
    const reading = await source.sweep(names)
    expect(names.map((name) => sampleOf(reading, name).waiting)).toEqual([1, 2, 3])
    const { passed, open } = gate()
    const worker = new Worker(names[0] ?? '', () => passed, {
      connection: connect(),
      prefix,
      name: 'worker-one',
    })
    worker.on('error', () => undefined)
    const busy = await until(async () => {
      const { workers } = await source.sweep(names)
      return workers.ok && workers.workers.find((one) => one.worker === 'worker-one' && one.busy === 1)
    })
    expect(busy.queues).toEqual([names[0]])
    open()
    await until(async () => sampleOf(await source.sweep(names), names[0] ?? '').active === 0)
    await worker.close()
    await source.close()
    for (const queue of queues) await queue.obliterate({ force: true })
    connection.disconnect()
  })

  it('reads lists and streams wherever they are', async () => {
    const lists = openSource('redis-list', cluster.url)
    const streams = openSource('redis-stream', cluster.url, { group: 'g' })
    const names = ['a', 'b', 'c', 'd']
    for (const name of names) {
      await client.rpush(`${name}`, '1', '2')
      await client.xadd(`s-${name}`, '*', 'f', '1')
    }
    const [of, ofStreams] = [await lists.sweep(names), await streams.sweep(names.map((name) => `s-${name}`))]
    expect(names.map((name) => sampleOf(of, name).waiting)).toEqual([2, 2, 2, 2])
    expect(names.map((name) => sampleOf(ofStreams, `s-${name}`).waiting)).toEqual([1, 1, 1, 1])
    await Promise.all([lists.close(), streams.close()])
  })

  it('knows the queues of the other nodes while one is away', async () => {
    const source = openSource('redis-list', cluster.url, { timeoutMs: 1000 })
    const names = Array.from({ length: 12 }, (_, index) => `l${index}`)
    for (const name of names) await client.rpush(name, '1')
    await until(async () => (await readOne(source, 'l0')).waiting === 1)
    await cluster.nodes[2]?.stop()
    const reading = await source.sweep(names)
    const known = names.filter((name) => causeOf(reading, name) === undefined)
    expect(known.map((name) => sampleOf(reading, name).waiting)).toEqual(known.map(() => 1))
    expect(known.length).toBeGreaterThan(0)
    expect(known.length).toBeLessThan(names.length)
    for (const name of names) {
      const why = causeOf(reading, name)
      if (why !== undefined) expect(why.code).toMatch(/unreachable|cluster-down|timeout/)
    }
    await source.close()
  })
})
