import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Queue } from 'bullmq'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RedisCluster, startRedisCluster } from '../helpers/redis-cluster.ts'
import { buildKit, ended, until } from './support.ts'

let redis: RedisCluster
let cluster: Cluster

beforeAll(async () => {
  redis = await startRedisCluster()
  cluster = new Cluster(redis.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
})

afterAll(async () => {
  cluster.disconnect()
  await redis.close()
})

it('takes from queues on different nodes of a cluster, and is told of their work', async () => {
  const names = ['{a}', '{b}', '{c}']
  const program = `
    import { Cluster } from 'ioredis'
    const { startWorker } = await import(process.env.KIT)
    const redis = new Cluster(JSON.parse(process.env.NODES))
    const options = { id: 'one', queues: ${JSON.stringify(names)}, prefix: 'bull', redis, process: (job) => job.data.n }
    await startWorker(options)
    console.log('READY')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      KIT: await buildKit(6),
      NODES: JSON.stringify(redis.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const queues = names.map((name) => new Queue(name, { connection: cluster }))
  for (let round = 0; round < 4; round++)
    for (const queue of queues) {
      const from = Date.now()
      const job = await queue.add('work', { n: round })
      await until('it is done', async () => (await job.getState()) === 'completed')
      // Told, not found by the poll every 5 s.
      expect(Date.now() - from).toBeLessThan(4000)
    }
  expect(await cluster.get('{drover}:worker:one')).toMatch(/"state":"taking"/)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await exit).toEqual([0, null])
  await Promise.all(queues.map((queue) => queue.close()))
  await ended(child, 'SIGKILL')
}, 60_000)
