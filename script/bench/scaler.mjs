// The scaler as a process of its own, against an emulated Nomad in another process and a Redis of its own: what it
// costs while nothing happens, how soon it acts when much does, and what a sweep costs for more and more groups.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Redis } from 'ioredis'
import { freePort, startRedis } from './lib/redis.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DROVER = join(ROOT, 'bin/drover.js')
const EMULATOR = fileURLToPath(new URL('lib/emulator-child.mjs', import.meta.url))
const QUIET_S = 20
const SIZES = [10, 100, 1000, 5000]
/** Of a process's CPU times in /proc: ticks a second, the same on every Linux that Node runs on. */
const TICKS = 100

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'))
  const bundle = join(ROOT, 'node_modules/.cache', `bench-emulator-${process.pid}.mjs`)
  try {
    await bundleEmulator(bundle)
    const sizes = []
    for (const groups of SIZES) sizes.push(await measure({ folder, bundle, groups }))
    const thousand = sizes.find(({ groups }) => groups === 1000)
    print([
      ['', '', 'TARGET', 'MET'],
      row(
        'CPU, 1,000 quiet groups, a look a second',
        `${(thousand.cpu * 100).toFixed(1)} % of a core`,
        '5 %',
        thousand.cpu <= 0.05,
      ),
      row('resident memory', `${thousand.rssMb.toFixed(0)} MB`, '130 MB', thousand.rssMb <= 130),
      row(
        '100 of 1,000 groups change at once: last scale accepted',
        `${thousand.burstMs.toFixed(0)} ms`,
        '1000 ms',
        thousand.burstMs <= 1000,
      ),
      row('  first', `${thousand.firstMs.toFixed(0)} ms`),
      row('task in one queue to scale accepted, median of 20', `${thousand.oneMs.toFixed(1)} ms`),
      ...sizes.map(({ groups, cpu, rssMb, roundMs }) =>
        row(
          `a round of ${groups} quiet groups`,
          `${roundMs.toFixed(1)} ms of CPU, ${(cpu * 100).toFixed(1)} % of a core, ${rssMb.toFixed(0)} MB`,
        ),
      ),
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(bundle, { force: true })
  }
}

async function measure({ folder, bundle, groups }) {
  const home = join(folder, `groups-${groups}`)
  mkdirSync(home)
  const redis = await startRedis(home)
  const client = new Redis(redis.port, { maxRetriesPerRequest: null })
  client.on('error', () => undefined)
  const emulator = await startEmulator(bundle, groups)
  writeFileSync(join(home, 'stack.yml'), stackOf(groups))
  writeFileSync(
    join(home, 'scaler.yml'),
    `history: { path: ${join(home, 'history')} }\nlog: { level: warn }\n`,
  )
  const pipeline = client.pipeline()
  for (let n = 0; n < groups; n++)
    pipeline.hset(`bull:queue-${n}:meta`, 'opts.maxLenEvents', '10000', 'version', 'bullmq:6')
  await pipeline.exec()
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [DROVER, 'scaler', '--listen', `127.0.0.1:${port}`, '--config', 'scaler.yml'],
    {
      cwd: home,
      env: {
        ...process.env,
        NOMAD_ADDR: emulator.address,
        DROVER_REDIS_URL: `redis://127.0.0.1:${redis.port}/0`,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  try {
    await ready(`http://127.0.0.1:${port}/health/ready`, child)
    await sleep(5000)
    const from = cpuSeconds(child.pid)
    await sleep(QUIET_S * 1000)
    const cpu = (cpuSeconds(child.pid) - from) / QUIET_S
    const rssMb = rss(child.pid)
    const times = groups === 1000 ? await react(client, emulator) : {}
    return { groups, cpu, rssMb, roundMs: cpu * 1000, ...times }
  } finally {
    child.kill('SIGKILL')
    client.disconnect()
    redis.stop()
    emulator.stop()
  }
}

/** Puts a task into queues as BullMQ's own scripts do, and waits for Nomad's scale calls. */
async function react(client, emulator) {
  const { Queue } = await import('bullmq')
  const connection = { host: '127.0.0.1', port: client.options.port }
  const queues = Array.from({ length: 120 }, (_, n) => new Queue(`queue-${n}`, { connection }))
  await Promise.all(queues.map((queue) => queue.waitUntilReady()))
  try {
    const one = []
    for (const queue of queues.slice(100)) {
      const from = await emulator.mark()
      await queue.add('task', {})
      one.push((await emulator.scaled(1)).at(-1) - from)
    }
    const from = await emulator.mark()
    await Promise.all(queues.slice(0, 100).map((queue) => queue.add('task', {})))
    const times = await emulator.scaled(100)
    return {
      oneMs: one.toSorted((a, b) => a - b)[10],
      firstMs: times[0] - from,
      burstMs: times.at(-1) - from,
    }
  } finally {
    await Promise.all(queues.map((queue) => queue.close()))
  }
}

function stackOf(groups) {
  const worker = (n) => `  group-${n}:
    driver: raw_exec
    command: [/bin/true]
    queues: [queue-${n}]
    concurrency: 1
    scale: { min: 0, max: 4 }
    longest_task: 1m
    resources: { cpu: 0.1, memory: 64MB }
`
  return `name: bench
cluster: { max_kill_timeout: 24h }
scaling: { interval: 1s }
broker: { software: bullmq, service: redis }
services:
  redis:
    image: redis:7
    ports: { redis: 6379 }
    checks: [{ type: tcp, interval: 10s, timeout: 2s }]
    resources: { cpu: 0.1, memory: 64MB }
workers:
${Array.from({ length: groups }, (_, n) => worker(n)).join('')}`
}

/** Node 20 reads no TypeScript. */
async function bundleEmulator(outfile) {
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true })
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/sandbox/index.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
}

async function startEmulator(bundle, groups) {
  const child = spawn(process.execPath, [EMULATOR, bundle, String(groups)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const answer = () => new Promise((resolve) => child.once('message', resolve))
  const address = await answer()
  return {
    address,
    /** Forgets the scale calls so far; the time now, ms. */
    async mark() {
      child.send({ ask: 'mark' })
      await answer()
      return Date.now()
    },
    /** Times at which the next `count` scale calls were answered, ms. */
    async scaled(count) {
      child.send({ ask: 'scaled', count })
      return answer()
    },
    stop: () => child.kill('SIGKILL'),
  }
}

async function ready(url, child) {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`the scaler ended with exit code ${child.exitCode}`)
    if ((await fetch(url).catch(() => undefined))?.ok) return
    await sleep(100)
  }
  throw new Error('the scaler did not get ready within a minute')
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

function rss(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

function row(name, value, target = '', met) {
  return [name, value, target, met === undefined ? '' : met ? 'yes' : 'NO']
}

function print(rows) {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column].length)))
  for (const cells of rows)
    process.stdout.write(
      `${cells
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd()}\n`,
    )
}
