// Reading BullMQ queues: Drover's source against BullMQ's own getJobCounts and QueueEvents, in the same run, on a Redis
// of its own. Each side is a process of its own, so that memory and CPU are its own.
import { fork } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Redis } from 'ioredis'
import { median } from './lib/processes.mjs'
import { startRedis } from './lib/redis.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CHILD = fileURLToPath(new URL('lib/queues-child.mjs', import.meta.url))
const QUEUES = 5000
const QUIET = 1000
/** QueueEvents takes a connection a queue; so many are enough to see what one costs. */
const EVENTS = 500
const PUSHES = 200

export async function run({ rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  const { port, stop } = await startRedis(folder)
  const client = new Redis(port, { maxRetriesPerRequest: null })
  const bundle = join(ROOT, 'node_modules/.cache', `bench-queues-${process.pid}.mjs`)
  try {
    await bundleSource(bundle)
    await fill(client)
    const ask = (side, task, options = {}) => measure({ side, task, port, bundle, rounds, ...options })
    const sweep = await ask('drover', 'sweep', { queues: QUEUES })
    const counts = await ask('bullmq', 'sweep', { queues: QUEUES, rounds: Math.min(rounds, 7) })
    const cpu = await ask('drover', 'quiet', { queues: QUIET, seconds: 20 })
    const push = await ask('drover', 'push', { queues: QUIET, pushes: PUSHES })
    const events = await ask('bullmq', 'push', { queues: EVENTS, pushes: PUSHES })
    print([
      row(`sweep of ${QUEUES} queues`, ms(median(sweep.times)), '60 ms', median(sweep.times) < 60),
      row('  99th percentile', ms(percentile(sweep.times, 0.99))),
      row('  more memory than before', mb(sweep.memoryMb), '25 MB', sweep.memoryMb < 25),
      row('  connections', sweep.connections),
      row(`getJobCounts of ${QUEUES} queues`, ms(median(counts.times))),
      row('  more memory than before', mb(counts.memoryMb)),
      row('  connections', counts.connections),
      row(`CPU, ${QUIET} quiet queues, a sweep a second`, percent(cpu.cpu), '4 %', cpu.cpu < 0.04),
      row(`push, ${QUIET} queues watched, median`, ms(median(push.times)), '10 ms', median(push.times) < 10),
      row('  99th percentile', ms(percentile(push.times, 0.99))),
      row('  connections', push.connections),
      row('  more memory than before', mb(push.memoryMb)),
      row(`QueueEvents, ${EVENTS} queues watched, median`, ms(median(events.times))),
      row('  99th percentile', ms(percentile(events.times, 0.99))),
      row('  connections', events.connections),
      row('  more memory than before', mb(events.memoryMb)),
    ])
  } finally {
    client.disconnect()
    stop()
    rmSync(folder, { recursive: true, force: true })
    rmSync(bundle, { force: true })
  }
}

/** Node 20 reads no TypeScript; the packages stay outside, as both sides load them. */
async function bundleSource(outfile) {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true })
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: `export { openQueueSource } from './src/adapters/queues/index.ts'\nexport { redisTarget } from './src/adapters/redis.ts'`,
      resolveDir: ROOT,
    },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
}

/** A mix: all queues have been used, half of them hold jobs, some have active, delayed and finished ones. */
async function fill(client) {
  const now = Date.now()
  for (let from = 0; from < QUEUES; from += 500) {
    const pipeline = client.pipeline()
    for (let index = from; index < from + 500; index++) {
      const base = `bull:q${index}:`
      pipeline.hset(`${base}meta`, 'opts.maxLenEvents', '10000', 'version', 'bullmq:6')
      pipeline.zadd(`${base}completed`, now - 120_000, 'done')
      if (index % 2 === 0) {
        pipeline.lpush(`${base}wait`, '1', '2', '3')
        for (const id of [1, 2, 3])
          pipeline.hset(`${base}${id}`, 'timestamp', now - 5000, 'delay', '0', 'opts', '{"attempts":3}')
      }
      if (index % 5 === 0) {
        pipeline.lpush(`${base}active`, '7')
        pipeline.set(`${base}7:lock`, 'token')
        pipeline.hset(`${base}7`, 'timestamp', now - 9000, 'processedOn', now - 1000, 'pb', 'worker-1')
      }
      if (index % 7 === 0) pipeline.zadd(`${base}delayed`, (now + 3_600_000) * 4096, '8')
    }
    await pipeline.exec()
  }
}

function measure(options) {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, { execArgv: ['--expose-gc'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    child.once('message', (result) => {
      resolve(result)
      child.disconnect()
    })
    child.once('exit', (code) => reject(new Error(`${options.side} ${options.task} exited ${code}`)))
    child.send(options)
  })
}

function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}

const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`
const mb = (value) => `${value.toFixed(1)} MB`
const percent = (value) => `${(value * 100).toFixed(1)} %`
const row = (name, value, target = '', ok) => [
  name,
  String(value),
  target && `< ${target}`,
  ok === undefined ? '' : ok ? 'yes' : 'NO',
]

function print(rows) {
  const table = [['', 'MEASURED', 'TARGET', 'MET'], ...rows]
  const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)))
  for (const cells of table)
    process.stdout.write(
      `${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[at]))).join('  ')}\n`,
    )
}
