// What the trials of both kinds of worker share.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export { sleep }

/** Numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A Redis of the trials' own. */
export async function startRedis() {
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: 'ignore' },
  )
  const url = `redis://127.0.0.1:${port}`
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
  client.on('error', () => {})
  await client.ping()
  return {
    url,
    client,
    async close() {
      client.disconnect()
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.kill()
      await gone
    },
  }
}

async function freePort() {
  const server = createServer()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Starts a process that says on a stream that it is ready. `exit` resolves to its code, or the name of a signal. */
export async function startProcess(command, args, { env, cwd, ready }) {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  const exit = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)))
  await new Promise((resolve, reject) => {
    const read = (chunk) => {
      text += chunk
      if (text.includes(ready)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    exit.then((code) => reject(new Error(`${command} ended with ${code} before it was ready:\n${text}`)))
  })
  return { child, exit, text: () => text }
}

/**
 * Keeps a fleet of workers at work and asks one after another, at random, to leave; another takes each one's place.
 * The load comes and goes, so that busy ones and idle ones leave.
 * @param fleet start(): a worker {child, exit}; add(id, ms): a task; busyOf(worker): tasks that it runs
 */
export async function retire(
  fleet,
  { workers, slots, trials, minMs, maxMs, everyMs, seed, signal = 'SIGTERM', say = () => {} },
) {
  const random = randomOf(seed)
  const redis = fleet.redis
  let added = 0
  let feeding = true
  let retired = 0
  const feeder = (async () => {
    while (feeding) {
      const ended = Number(await redis.get('ended')) || 0
      const load = Math.floor(retired / 10) % 2 === 0 ? 1.2 : 0.3
      for (let open = added - ended; open < workers * slots * load; open++) {
        const ms = Math.round(minMs + random() * (maxMs - minMs))
        await fleet.add(`t${added++}`, ms)
      }
      await sleep(Math.min(200, minMs / 2))
    }
  })()
  const living = await Promise.all(Array.from({ length: workers }, () => fleet.start()))
  const exits = []
  const took = []
  let busy = 0
  for (let trial = 0; trial < trials; trial++) {
    await sleep(everyMs * (0.5 + random()))
    const at = Math.floor(random() * living.length)
    const [leaver] = living.splice(at, 1)
    if ((await fleet.busyOf(leaver)) > 0) busy++
    const from = Date.now()
    leaver.child.kill(signal)
    exits.push(
      leaver.exit.then((code) => {
        took.push(Date.now() - from)
        return code
      }),
    )
    living.push(await fleet.start())
    retired++
    if (trial % 20 === 19) say(`${trial + 1} of ${trials} retired`)
  }
  feeding = false
  await feeder
  const codes = await Promise.all(exits)
  await waitFor(async () => (Number(await redis.get('ended')) || 0) >= added, maxMs * 20 + 240_000)
  const counts = await countRuns(redis, added)
  for (const { child } of living) child.kill('SIGTERM')
  const lastCodes = await Promise.all(living.map(({ exit }) => exit))
  took.sort((a, b) => a - b)
  return {
    trials,
    busy,
    idle: trials - busy,
    tasks: added,
    ...counts,
    exitNotZero: [...codes, ...lastCodes].filter((code) => code !== 0),
    medianLeaveMs: took[Math.floor(took.length / 2)],
    longestLeaveMs: took.at(-1),
  }
}

/** How often each task was started and ended: every program writes it to Redis. */
async function countRuns(redis, tasks) {
  const result = { lost: 0, startedTwice: 0, endedTwice: 0 }
  for (let index = 0; index < tasks; index++) {
    const started = await redis.llen(`started:t${index}`)
    const ended = await redis.llen(`ended:t${index}`)
    if (ended === 0) result.lost++
    if (started > 1) result.startedTwice++
    if (ended > 1) result.endedTwice++
  }
  return result
}

export async function waitFor(ask, ms) {
  const end = Date.now() + ms
  while (!(await ask())) {
    if (Date.now() > end) return false
    await sleep(20)
  }
  return true
}
