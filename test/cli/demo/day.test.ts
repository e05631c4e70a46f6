import { describe, expect, it } from 'vitest'
import { dayOf } from '../../../src/cli/demo/day.ts'
import { playDay } from '../../../src/cli/demo/play-day.ts'
import { taskNames } from '../../../src/cli/demo/task-names.ts'
import type { ScalingPolicy } from '../../../src/core/scaling/policy.ts'

const group = (min: number, max: number, queues: string[], concurrency = 2) =>
  ({ min, max, queues, concurrency }) as unknown as ScalingPolicy

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

describe('a day', () => {
  it.each(['day', 'short'] as const)(
    '(%s) is a burst for those that come and go, and a little for the others',
    (length) => {
      const { arrivals, lengthMs } = dayOf(
        [group(0, 4, ['shap', 'ml', 'twins']), group(1, 3, ['mail', 'sms'])],
        length,
      )
      const burst = arrivals.filter(({ queue }) => ['shap', 'ml', 'twins'].includes(queue))
      expect(burst.map(({ queue }) => queue)).toEqual(['shap', 'twins'])
      // More than all workers that the group may have can run at once.
      expect(sum(burst.map(({ count }) => count))).toBeGreaterThan(4 * 2)
      expect(new Set(burst.map(({ atMs }) => atMs)).size).toBe(1)
      const others = arrivals.filter(({ queue }) => queue === 'mail' || queue === 'sms')
      expect(others.length).toBeGreaterThan(3)
      expect(new Set(others.map(({ queue }) => queue)).size).toBe(2)
      expect(Math.max(...arrivals.map(({ atMs }) => atMs))).toBeLessThan(lengthMs)
      expect(arrivals.map(({ atMs }) => atMs)).toEqual(arrivals.map(({ atMs }) => atMs).sort((a, b) => a - b))
    },
  )

  it('of queues that the reference stack has not, the burst takes all', () => {
    const { arrivals } = dayOf([group(0, 1, ['x', 'y'])], 'day')
    expect(arrivals.map(({ queue }) => queue)).toEqual(['x', 'y'])
  })

  it('is played in its order, with ids that are all different', async () => {
    const added: { queue: string; tasks: readonly { id: string; name: string; ms: number }[] }[] = []
    const feeder = {
      add: async (queue: string, tasks: (typeof added)[number]['tasks']) => void added.push({ queue, tasks }),
      tally: () => ({ added: 0, done: 0, failed: 0, twice: 0 }),
      close: async () => {},
    }
    const day = {
      lengthMs: 20,
      arrivals: [
        { atMs: 0, queue: 'a', count: 2, taskMs: 5 },
        { atMs: 10, queue: 'b', count: 1, taskMs: 6 },
      ],
    }
    await playDay(day, feeder, (queue) => `task.${queue}`, {
      now: Date.now,
      signal: new AbortController().signal,
    })
    expect(added.map(({ queue, tasks }) => [queue, tasks.map(({ name, ms }) => [name, ms])])).toEqual([
      [
        'a',
        [
          ['task.a', 5],
          ['task.a', 5],
        ],
      ],
      ['b', [['task.b', 6]]],
    ])
    expect(new Set(added.flatMap(({ tasks }) => tasks.map(({ id }) => id))).size).toBe(3)
    const stopped = AbortSignal.abort()
    await playDay({ ...day, lengthMs: 3_600_000 }, feeder, String, { now: Date.now, signal: stopped })
    expect(added).toHaveLength(2)
  })
})

it.each([
  ['shap', 'src.tasks.run_shap'],
  ['api', 'src.tasks.api'],
  ['default', 'default'],
  ['none', 'none'],
])('the tasks of %s are called %s', (queue, name) => {
  const routes = {
    'src.tasks.run_shap*': 'shap',
    'src.tasks.shap_*': 'shap',
    'src.tasks.api_*': 'api',
    '*': 'default',
  }
  expect(taskNames(routes)(queue)).toBe(name)
})
