import { describe, expect, it } from 'vitest'
import { celeryPython, noCelery } from '../worker/celery-venv.ts'

// The short form of script/retirement/run.mjs: the same trials, fewer and of shorter tasks.
type Result = Record<string, unknown>

async function call(file: string, name: string, ...options: unknown[]): Promise<Result> {
  const url = new URL(`../../script/retirement/${file}`, import.meta.url).href
  const trials = (await import(url)) as Record<string, (...options: unknown[]) => Promise<Result>>
  const trial = trials[name]
  if (!trial) throw new Error(`${file} has no ${name}`)
  return trial(...options)
}

const FLEET = { workers: 4, slots: 2, trials: 12, minMs: 50, maxMs: 500, everyMs: 150, seed: 7 }
const NOTHING_WRONG = { lost: 0, startedTwice: 0, endedTwice: 0, exitNotZero: [] }

describe.each([5, 6] as const)('workers of drover/worker on BullMQ %i', (major) => {
  it('leave on SIGTERM, and no task is lost or run twice', { timeout: 120_000 }, async () => {
    const result = await call('bullmq.mjs', 'bullmqRetirements', major, FLEET)
    expect(result).toMatchObject(NOTHING_WRONG)
    expect(result.busy).toBeGreaterThan(0)
    expect(result.tasks).toBeGreaterThan(20)
  })

  it('that are killed leave an orphan, which runs once more', { timeout: 120_000 }, async () => {
    expect(await call('bullmq.mjs', 'bullmqKills', major, { kills: 1, taskMs: 500, lockMs: 800 })).toEqual({
      kills: 1,
      orphansSeen: 1,
      startedTwice: 1,
      endedOnce: 1,
      heartbeatsExpired: 1,
    })
  })

  it('may compute for longer than a lock lasts', { timeout: 120_000 }, async () => {
    expect(await call('bullmq.mjs', 'bullmqComputes', major, { taskMs: 2500, lockMs: 600 })).toMatchObject({
      startedTwice: 0,
      stalled: 0,
      completed: 2,
    })
  })
})

if (noCelery) console.log(noCelery)

describe.skipIf(noCelery)('Celery workers with the command that Drover renders', () => {
  const command = (options: object): Promise<unknown> =>
    call('celery-command.mjs', 'renderedCommand', options)

  it('leave on SIGTERM, and no task is lost or run twice', { timeout: 240_000 }, async () => {
    const words = await command({ concurrency: 2, visibilityTimeoutMs: 600_000 })
    const result = await call('celery.mjs', 'celeryRetirements', celeryPython(), words, {
      ...FLEET,
      workers: 3,
      trials: 6,
    })
    expect(result).toMatchObject(NOTHING_WRONG)
    expect(result.busy).toBeGreaterThan(0)
  })

  it('that are killed leave their tasks unacknowledged, which run once more', {
    timeout: 240_000,
  }, async () => {
    const words = await command({
      concurrency: 1,
      visibilityTimeoutMs: 4000,
      transportOptions: { unacked_restore_interval: 1, unacked_restore_throttle: 1 },
    })
    const options = { kills: 1, taskMs: 1500, waitMs: 60_000 }
    expect(await call('celery.mjs', 'celeryKills', celeryPython(), words, options)).toEqual({
      kills: 1,
      orphansSeen: 1,
      startedTwice: 1,
      endedOnce: 1,
    })
  })
})
