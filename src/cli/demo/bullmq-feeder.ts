import { createRequire } from 'node:module'
import type { Queue, QueueEvents } from 'bullmq'
import { workerProgram } from '../sandbox/worker-processes.ts'
import type { Feeder } from './feeder.ts'

/** Feeds real BullMQ queues. Resolves when it hears all that happens in them. */
export async function bullmqFeeder(redis: string, queues: readonly string[]): Promise<Feeder> {
  // From where it is installed, as a worker's author has it: it is no part of the bundle.
  const bullmq = createRequire(workerProgram())('bullmq') as typeof import('bullmq')
  const { hostname, port, username, password, pathname, protocol } = new URL(redis)
  const connection = {
    host: hostname,
    port: Number(port || 6379),
    db: Number(pathname.slice(1) || 0),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  }
  const done = new Set<string>()
  let [added, failed, twice] = [0, 0, 0]
  const open = new Map<string, Queue>()
  const heard: QueueEvents[] = []
  for (const name of queues) {
    const queue = new bullmq.Queue(name, { connection })
    const events = new bullmq.QueueEvents(name, { connection })
    events.on('completed', ({ jobId }) => {
      if (done.has(jobId)) twice++
      done.add(jobId)
    })
    events.on('failed', () => void failed++)
    events.on('stalled', () => void twice++)
    queue.on('error', () => {})
    events.on('error', () => {})
    open.set(name, queue)
    heard.push(events)
  }
  await Promise.all([...open.values(), ...heard].map((one) => one.waitUntilReady()))
  return {
    async add(name, tasks) {
      const queue = open.get(name)
      if (queue === undefined) throw new Error(`the demo has no queue ${name}`)
      added += tasks.length
      await queue.addBulk(
        tasks.map(({ id, name: task, ms }) => ({ name: task, data: { ms }, opts: { jobId: id } })),
      )
    },
    tally: () => ({ added, done: done.size, failed, twice }),
    async close() {
      await Promise.allSettled([...open.values(), ...heard].map((one) => one.close()))
    },
  }
}
