// Workers made with drover/worker.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildTrialWorker } from '../build-worker.mjs'
import { retire, sleep, startProcess, startRedis, waitFor } from './parts.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const QUEUES = ['one', 'two']

async function fleetOf(major, redis, slots, options) {
  const kit = await buildTrialWorker(root, major)
  const { Queue } = await import(major === 5 ? 'bullmq5' : 'bullmq')
  const { hostname, port } = new URL(redis.url)
  const queues = QUEUES.map((name) => new Queue(name, { connection: { host: hostname, port: Number(port) } }))
  let count = 0
  return {
    redis: redis.client,
    queues,
    add: (id, ms) => queues[Number(id.slice(1)) % 2].add('work', { ms }, { jobId: id }),
    async start() {
      const id = `worker-${count++}`
      const worker = await startProcess(
        process.execPath,
        [join(root, 'script/retirement/bullmq-program.mjs')],
        {
          env: {
            KIT: kit,
            REDIS_URL: redis.url,
            NOMAD_ALLOC_ID: id,
            OPTIONS: JSON.stringify({ queues: QUEUES, concurrency: slots, ...options }),
          },
          ready: 'READY',
        },
      )
      return { ...worker, id }
    },
    async busyOf({ id }) {
      const text = await redis.client.get(`{drover}:worker:${id}`)
      return text ? JSON.parse(text).busy : 0
    },
    close: () => Promise.all(queues.map((queue) => queue.close())),
  }
}

export async function bullmqRetirements(major, trials) {
  const redis = await startRedis()
  const fleet = await fleetOf(major, redis, trials.slots, {})
  try {
    return await retire(fleet, trials)
  } finally {
    await fleet.close()
    await redis.close()
  }
}

/** A task that computes for longer than its lock lasts (30 s unless told otherwise), in a thread and in a process. */
export async function bullmqComputes(major, { taskMs, lockMs = 30_000 }) {
  const redis = await startRedis()
  const locks = { lockDuration: lockMs, stalledInterval: lockMs }
  const result = { taskMs, tasks: 2, startedTwice: 0, stalled: 0, completed: 0 }
  try {
    await Promise.all(
      ['thread', 'process'].map(async (isolation, index) => {
        const options = { queues: [QUEUES[index]], file: 'spin.mjs', isolation, bullmq: locks }
        const fleet = await fleetOf(major, redis, 1, options)
        const workers = [await fleet.start(), await fleet.start()]
        await fleet.add(`t${index}`, taskMs)
        const queue = fleet.queues[index]
        const isDone = async () => ['completed', 'failed'].includes(await queue.getJobState(`t${index}`))
        await waitFor(isDone, taskMs * 4 + 10_000)
        const job = await queue.getJob(`t${index}`)
        if (job.attemptsStarted !== 1) result.startedTwice++
        if (job.stalledCounter > 0) result.stalled++
        if (await job.isCompleted()) result.completed++
        for (const { child, exit } of workers) {
          child.kill('SIGTERM')
          await exit
        }
        await fleet.close()
      }),
    )
    return result
  } finally {
    await redis.close()
  }
}

/** Kills a busy worker, over and over: its task must run once more, and show as an orphan until then. */
export async function bullmqKills(major, { kills, taskMs, lockMs }) {
  const redis = await startRedis()
  const fleet = await fleetOf(major, redis, 1, {
    bullmq: { lockDuration: lockMs, stalledInterval: lockMs },
    heartbeatMs: 500,
  })
  const result = { kills, orphansSeen: 0, startedTwice: 0, endedOnce: 0, heartbeatsExpired: 0 }
  try {
    const other = await fleet.start()
    for (let kill = 0; kill < kills; kill++) {
      const id = `t${kill * 2}`
      await other.child.kill('SIGSTOP')
      // The other one is stopped, so that the victim takes the task.
      const victim = await fleet.start()
      await fleet.add(id, taskMs)
      await waitFor(async () => (await redis.client.llen(`started:${id}`)) === 1, 10_000)
      victim.child.kill('SIGKILL')
      await victim.exit
      const orphan = await waitFor(async () => {
        const active = await redis.client.lrange('bull:one:active', 0, -1)
        return active.includes(id) && (await redis.client.exists(`bull:one:${id}:lock`)) === 0
      }, lockMs * 3)
      if (orphan) result.orphansSeen++
      if (await waitFor(async () => !(await redis.client.exists(`{drover}:worker:${victim.id}`)), 5000))
        result.heartbeatsExpired++
      other.child.kill('SIGCONT')
      await waitFor(async () => (await redis.client.llen(`ended:${id}`)) > 0, lockMs * 6 + taskMs * 2 + 5000)
      await sleep(lockMs * 2)
      if ((await redis.client.llen(`started:${id}`)) === 2) result.startedTwice++
      if ((await redis.client.llen(`ended:${id}`)) === 1) result.endedOnce++
    }
    other.child.kill('SIGTERM')
    await other.exit
    return result
  } finally {
    await fleet.close()
    await redis.close()
  }
}
