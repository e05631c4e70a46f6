import type { Job } from 'bullmq'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDispatcher, type Dispatcher } from '../../src/worker/dispatcher.ts'
import type { Intake } from '../../src/worker/queue-intake.ts'
import type { Mark } from '../../src/worker/waker.ts'

const QUEUES = ['a', 'b', 'c'] as const
type Name = (typeof QUEUES)[number]

/** Queues in memory, which put a mark when a task is added, as BullMQ does. */
function world(concurrency: number) {
  const waiting: Record<Name, number> = { a: 0, b: 0, c: 0 }
  const marks: Mark[] = []
  const finish: (() => void)[] = []
  const served: { queue: Name; others: Name[] }[] = []
  let listener: ((mark: Mark) => void) | undefined
  const mark = (key: string): void => {
    if (listener) {
      listener({ key, member: '0', at: 0 })
      listener = undefined
    } else if (!marks.some((one) => one.key === key)) marks.push({ key, member: '0', at: 0 })
  }
  const intakes = QUEUES.map(
    (queue): Intake => ({
      queue,
      markerKey: queue,
      async fetch() {
        await Promise.resolve()
        if (waiting[queue] === 0) return undefined
        waiting[queue]--
        served.push({ queue, others: QUEUES.filter((other) => other !== queue && waiting[other] > 0) })
        // Others may want the rest.
        mark(queue)
        return { id: queue } as Job
      },
      limitedUntil: () => 0,
      nextDue: () => 0,
      run: () => new Promise((resolve) => finish.push(resolve)),
      start: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }),
  )
  const dispatcher: Dispatcher = createDispatcher(
    intakes,
    concurrency,
    {
      next: () =>
        new Promise((resolve) => {
          const first = marks.shift()
          if (first) resolve(first)
          else listener = resolve
        }),
      putBack: async ({ key }) => mark(key),
      interrupt: () => undefined,
      close: () => undefined,
    },
    {
      started: () => undefined,
      ended: () => undefined,
      error: (error) => {
        throw error
      },
    },
  )
  return {
    dispatcher,
    served,
    add(queue: Name) {
      waiting[queue]++
      mark(queue)
    },
    finishOne(at: number) {
      const [done] = finish.splice(at % Math.max(1, finish.length), 1)
      done?.()
    },
    waiting: () => QUEUES.reduce((sum, queue) => sum + waiting[queue], 0),
    /** Queues with work of which no other worker is told. */
    silent: () => QUEUES.filter((queue) => waiting[queue] > 0 && !marks.some(({ key }) => key === queue)),
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ add: fc.constantFrom(...QUEUES) }) },
  { weight: 4, arbitrary: fc.record({ finish: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.constant('pause' as const) },
  { weight: 2, arbitrary: fc.constant('resume' as const) },
)

it('keeps to its budget, leaves no slot idle while there is work, and serves queues in turn', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }),
      async (slots, steps) => {
        const { dispatcher, ...one } = world(slots)
        let isPaused = false
        dispatcher.resume()
        for (const each of steps) {
          if (each === 'pause') dispatcher.pause()
          else if (each === 'resume') dispatcher.resume()
          else if ('add' in each) one.add(each.add)
          else one.finishOne(each.finish)
          if (typeof each === 'string') isPaused = each === 'pause'
          const before = dispatcher.running.size
          await settle()
          expect(dispatcher.running.size).toBeLessThanOrEqual(slots)
          // One that was about to be handed over when it was paused still comes.
          if (isPaused) expect(dispatcher.running.size).toBeLessThanOrEqual(before)
          else if (one.waiting() > 0) expect(dispatcher.running.size).toBe(slots)
          expect(one.silent()).toEqual([])
        }
        // A queue that had work while another was served twice in a row was passed by.
        for (const [index, { queue, others }] of one.served.entries())
          if (index > 0 && others.length > 0 && one.served[index - 1]?.queue === queue)
            expect(one.served[index - 1]?.others).not.toEqual(expect.arrayContaining(others))
        dispatcher.pause()
      },
    ),
    { numRuns: 60 },
  )
})

it('drains: finishes what runs, takes nothing more', async () => {
  const { dispatcher, ...one } = world(2)
  dispatcher.resume()
  for (const queue of QUEUES) one.add(queue)
  await settle()
  let isDrained = false
  const drained = dispatcher.drain().then(() => {
    isDrained = true
  })
  one.finishOne(0)
  await settle()
  expect([isDrained, dispatcher.running.size, one.waiting()]).toEqual([false, 1, 1])
  one.finishOne(0)
  await drained
  dispatcher.resume()
  await settle()
  expect([dispatcher.running.size, one.waiting()]).toEqual([0, 1])
})
