import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SourceEvent } from '../../../src/ports.ts'
import { createMemoryBroker, manualClock, type TaskExit, type TaskStart } from '../../../src/sandbox/index.ts'

/** A worker group's task, as the emulated Nomad starts it. */
function workerStart(id: string, queues: readonly string[], concurrency = 1) {
  const exits: TaskExit[] = []
  let isStarted = false
  const task = { Name: 'w', Driver: 'docker', Lifecycle: null }
  const Scaling = { Policy: { drover: [{ queues, concurrency }] } }
  const start = {
    allocation: {
      ...{ ID: id, Name: `w.w[0]`, TaskGroup: 'w' },
      Job: { ID: 'w', Type: 'batch', TaskGroups: [{ Name: 'w', Scaling, Tasks: [task] }] },
    },
    task,
    env: {},
    started: () => {
      isStarted = true
    },
    exited: (exit: TaskExit) => exits.push(exit),
  } as unknown as TaskStart
  return { start, exits, isStarted: () => isStarted }
}

function broker(startUpMs = 100) {
  const clock = manualClock()
  return { clock, ...createMemoryBroker({ clock, startUpMs }) }
}

const tasks = (prefix: string, count: number, ms = 1000) =>
  Array.from({ length: count }, (_, at) => ({ id: `${prefix}${at}`, name: 't', ms }))

describe('a broker in memory', () => {
  it('has workers take what waits, the oldest first, as many as they run at once', async () => {
    const { add, runner, source, clock, done } = broker()
    add('a', tasks('a', 2))
    clock.advance(10)
    add('b', tasks('b', 2))
    const worker = workerStart('x', ['b', 'a'], 3)
    runner.start(worker.start)
    clock.advance(99)
    expect([worker.isStarted(), done.length]).toEqual([false, 0])
    clock.advance(1)
    expect(worker.isStarted()).toBe(true)
    const reading = await source.sweep(['a', 'b', 'c'])
    expect(
      [...reading.queues.values()].map((one) => one.ok && [one.sample.waiting, one.sample.active]),
    ).toEqual([
      [0, 2],
      [1, 1],
      [0, 0],
    ])
    expect(reading.queues.get('b')).toMatchObject({ sample: { oldestAgeMs: 100 } })
    expect(reading.workers).toMatchObject({
      workers: [{ worker: 'x', allocation: 'x', group: 'w', busy: 3, concurrency: 3, intake: 'taking' }],
    })
    clock.advance(2000)
    expect(done).toEqual(['a0', 'a1', 'b0', 'b1'])
    expect(await source.sweep([])).toMatchObject({
      workers: { workers: [{ busy: 0, idleSince: clock.now() }] },
    })
  })

  it.each(['SIGTERM', 'SIGINT'])(
    'on %s a worker finishes what it has, takes nothing more and leaves with 0',
    (name) => {
      const { add, runner, clock, done } = broker()
      const { start, exits } = workerStart('x', ['a'])
      const handle = runner.start(start)
      add('a', tasks('a', 2))
      clock.advance(600)
      handle.signal(name)
      clock.advance(400)
      expect([done, exits]).toEqual([[], []])
      clock.advance(10_000)
      expect([done, exits]).toEqual([['a0'], [{ code: 0, signal: 0 }]])
    },
  )

  it('an idle one leaves at once, one that has not begun as soon as it has; other signals change nothing', () => {
    const { runner, clock } = broker()
    const [idle, early] = [workerStart('x', ['a']), workerStart('y', ['a'])]
    const handle = runner.start(idle.start)
    clock.advance(100)
    handle.signal('SIGUSR1')
    clock.advance(1)
    expect(idle.exits).toEqual([])
    handle.signal('SIGTERM')
    expect(idle.exits).toEqual([])
    clock.advance(0)
    expect(idle.exits).toEqual([{ code: 0, signal: 0 }])
    const other = runner.start(early.start)
    other.signal('SIGTERM')
    clock.advance(1)
    expect(early.exits).toHaveLength(1)
  })

  it('what a killed worker had waits again, and is told as lost', async () => {
    const { add, runner, source, clock, done, lost } = broker()
    const { start, exits } = workerStart('x', ['a'])
    add('a', tasks('a', 1))
    const handle = runner.start(start)
    clock.advance(500)
    handle.kill()
    clock.advance(5000)
    expect([exits, lost, done]).toEqual([[{ code: 137, signal: 9 }], ['a0'], []])
    expect((await source.sweep(['a'])).queues.get('a')).toMatchObject({ sample: { waiting: 1, active: 0 } })
  })

  it('tells those who watch, of the queues that they watch', () => {
    const { add, runner, source, clock } = broker()
    const told: SourceEvent[] = []
    const watch = source.watch(['a'], (event) => told.push(event))
    add('b', tasks('b', 1))
    expect(told).toEqual([])
    add('a', tasks('a', 1))
    expect(told).toEqual([{ kind: 'changed', queues: ['a'] }])
    runner.start(workerStart('x', ['a']).start)
    clock.advance(100)
    expect(told).toContainEqual({ kind: 'worker', worker: 'x' })
    const before = told.length
    watch.close()
    add('a', tasks('c', 1))
    expect(told).toHaveLength(before)
  })

  it('whatever comes and goes, every task is done once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(5), fc.nat(900)), { maxLength: 30 }), (steps) => {
        const { add, runner, clock, done } = broker()
        const handles: ReturnType<typeof runner.start>[] = []
        let added = 0
        for (const [kind, count, ms] of steps) {
          if (kind === 0)
            handles.push(runner.start(workerStart(`w${handles.length}`, ['a', 'b'], 1 + count).start))
          else if (kind === 1) handles[count]?.signal('SIGTERM')
          else {
            add(kind === 2 ? 'a' : 'b', tasks(`${added}-`, count, ms))
            added += count
          }
          clock.advance(ms)
        }
        runner.start(workerStart('last', ['a', 'b']).start)
        clock.advance(1_000_000)
        expect(new Set(done).size).toBe(added)
        expect(done).toHaveLength(added)
      }),
    )
  })
})
