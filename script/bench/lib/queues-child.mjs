// One side of script/bench/queues.mjs, in a process of its own: gets what to do as a message, answers with what it took.
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Queue, QueueEvents } from 'bullmq'
import { Redis } from 'ioredis'

process.once('message', async (options) => {
  const { side, task } = options
  process.send(
    await { sweep: sweepTask, quiet: quietTask, push: pushTask }[task](await open(side, options), options),
  )
  process.exit(0)
})

async function open(side, options) {
  const names = Array.from({ length: options.queues }, (_, index) => `q${index}`)
  const probe = new Redis(options.port)
  const listing = await probe.client('LIST')
  const before = listing.trim().split('\n').length
  const connections = async () => (await probe.client('LIST')).trim().split('\n').length - before
  const sides = { drover: () => openDrover(options, names), bullmq: () => openBullmq(options, names) }
  return { names, connections, probe, ...(await sides[side]()) }
}

async function openDrover({ port, bundle }, names) {
  const { openQueueSource, redisTarget } = await import(pathToFileURL(bundle).href)
  const redis = redisTarget({ DROVER_REDIS_URL: `redis://127.0.0.1:${port}` })
  const source = openQueueSource('bullmq', {}, { clock: { now: Date.now }, env: {}, redis })
  return {
    async sweep() {
      const reading = await source.sweep(names)
      if (reading.queues.size !== names.length || !reading.queues.get('q0').ok)
        throw new Error('a sweep failed')
      return reading
    },
    watch: (listener) =>
      new Promise((resolve) => {
        source.watch(names, (event) => {
          if (event.kind === 'missed') resolve()
          if (event.kind === 'changed') for (const queue of event.queues) listener(queue)
        })
      }),
  }
}

async function openBullmq({ port }, names) {
  const connection = { host: '127.0.0.1', port }
  let queues
  return {
    async sweep() {
      // One shared connection: what a careful user does.
      if (queues === undefined) {
        const shared = new Redis({ port, maxRetriesPerRequest: null })
        shared.setMaxListeners(100_000)
        queues = names.map((name) => new Queue(name, { connection: shared, skipMetasUpdate: true }))
      }
      return Promise.all(queues.map((queue) => queue.getJobCounts()))
    },
    async watch(listener) {
      const events = names.map((name) => new QueueEvents(name, { connection }))
      for (const [index, one] of events.entries()) one.on('waiting', () => listener(names[index]))
      await Promise.all(events.map((one) => one.waitUntilReady()))
      // Ready is said before the first blocking read is sent.
      await sleep(1000)
    },
  }
}

async function sweepTask({ sweep, connections }, { rounds }) {
  globalThis.gc()
  const before = process.memoryUsage().rss
  const times = []
  const memory = []
  let last
  for (let round = -2; round < rounds; round++) {
    const started = performance.now()
    last = await sweep()
    if (round < 0) continue
    times.push(performance.now() - started)
    memory.push(process.memoryUsage().rss)
  }
  return {
    times,
    memoryMb: (middle(memory) - before) / 2 ** 20,
    connections: await connections(),
    kept: last !== undefined,
  }
}

async function quietTask({ sweep, watch }, { seconds }) {
  await watch(() => {})
  for (let round = 0; round < 5; round++) await sweep()
  const started = performance.now()
  const before = process.cpuUsage()
  for (let second = 0; second < seconds; second++) {
    await sweep()
    await sleep(1000)
  }
  const { user, system } = process.cpuUsage(before)
  return { cpu: (user + system) / 1000 / (performance.now() - started) }
}

async function pushTask({ names, watch, connections, probe }, { pushes }) {
  globalThis.gc()
  const before = process.memoryUsage().rss
  let heard
  await watch((queue) => heard?.(queue))
  const memoryMb = (process.memoryUsage().rss - before) / 2 ** 20
  const count = await connections()
  const times = []
  for (let push = 0; push < pushes; push++) {
    const name = names[(push * 37) % names.length]
    await sleep(20)
    const told = new Promise((resolve) => {
      heard = (queue) => queue === name && resolve()
    })
    const started = performance.now()
    // What BullMQ itself writes when a job is added.
    await probe.xadd(`bull:${name}:events`, '*', 'event', 'waiting', 'jobId', String(push))
    await Promise.race([told, sleep(5000).then(() => Promise.reject(new Error('a push was lost')))])
    times.push(performance.now() - started)
  }
  return { times, memoryMb, connections: count }
}

function middle(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}
