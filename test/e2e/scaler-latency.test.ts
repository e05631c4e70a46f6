import { join } from 'node:path'
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { callNomad } from './nomad-api.ts'
import { type EventFeed, followEvents } from './scaler/api-events.ts'
import { readNotes } from './scaler/notes.ts'
import { PLATFORMS, stackOf } from './scaler/platforms.ts'
import { type Rig, type ScalerProcess, startRig } from './scaler/rig.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const isLong = process.env.DROVER_PROOF === 'long'
const TRIALS = isLong ? 50 : 5
const KEEP_ALIVE_MS = 500

describe.skipIf(!cluster.available)('how fast a group leaves zero, and returns to it', () => {
  let rig: Rig
  let scaler: ScalerProcess
  let feed: EventFeed
  let queue: Queue

  beforeAll(async () => {
    const worker = await PLATFORMS.raw_exec.prepare(cluster)
    rig = await startRig({
      nomad: cluster.nomad,
      folder: join(cluster.folder, 'latency'),
      stack: (redis) =>
        stackOf(PLATFORMS.raw_exec, worker(redis), { keep_alive: `${KEEP_ALIVE_MS}ms`, start_up: '2s' }),
    })
    await rig.drover(['up', 'heavy'])
    scaler = await rig.scaler()
    feed = await followEvents(scaler.address)
    queue = new Queue('work', { connection: { host: '127.0.0.1', port: rig.redis.port } })
    await queue.waitUntilReady()
  })

  afterAll(async () => {
    feed?.close()
    await queue?.close()
    await rig?.close()
    await stopJobs(cluster.nomad)
  })

  it(
    `${TRIALS} times from zero`,
    async () => {
      const up: number[] = []
      const down: number[] = []
      for (let trial = 0; trial < TRIALS; trial++) {
        const from = Date.now()
        const accepted = feed.next(
          ({ kind, data }) =>
            kind === 'action' && data.decision?.kind === 'scale' && data.answer?.ok === true,
        )
        await queue.add('sleep', { ms: 50 })
        up.push((await accepted).seenAt - from)
        const notes = await waitUntil('the task is done', async () => {
          const all = await readNotes(rig.notes)
          return all.filter(({ what }) => what === 'end').length > trial ? all : undefined
        })
        const endedAt = notes.at(-1)?.at ?? 0
        const goneAt = await waitUntil(
          'the worker has left',
          async () => {
            const live = await callNomad<{ ClientStatus: string }[]>(cluster.nomad, 'job/heavy/allocations')
            return live.some(({ ClientStatus }) => ClientStatus === 'running' || ClientStatus === 'pending')
              ? undefined
              : Date.now()
          },
          { everyMs: 20 },
        )
        down.push(goneAt - endedAt)
        await waitUntil(
          'the count is 0',
          async () => {
            const { TaskGroups } = await callNomad<{ TaskGroups: Record<string, { Desired: number }> }>(
              cluster.nomad,
              'job/heavy/scale',
            )
            return TaskGroups.heavy?.Desired === 0 || undefined
          },
          { everyMs: 20 },
        )
      }
      const words = [
        `enqueue to scale accepted: median ${quantile(up, 0.5)} ms, p99 ${quantile(up, 0.99)} ms`,
        `task ended to worker gone: median ${quantile(down, 0.5)} ms, worst ${quantile(down, 1)} ms`,
      ]
      process.stdout.write(`${TRIALS} trials from zero; ${words.join('; ')}\n`)
      if (isLong) {
        expect(quantile(up, 0.5)).toBeLessThanOrEqual(30)
        expect(quantile(up, 0.99)).toBeLessThanOrEqual(100)
        expect(quantile(down, 1)).toBeLessThanOrEqual(KEEP_ALIVE_MS + 1000)
      }
    },
    TRIALS * 20_000,
  )
})

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
