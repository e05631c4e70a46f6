import type { QueueReading, QueueSample, SourceCause, WorkerState } from '../../../src/core/scaling/sample.ts'
import type { QueueSource, SourceListener, SourceState } from '../../../src/ports.ts'

/** Queues in memory: what is put in is what is read. */
export interface FakeSource {
  readonly source: QueueSource
  /** The queues of each sweep. */
  readonly sweeps: (readonly string[])[]
  readonly watched: string[]
  sweepMs: number
  /** Nothing can be read while it is set. */
  blind: SourceCause | undefined
  /** Sweeps never answer while it is set. */
  hangs: boolean
  set(queue: string, sample: Partial<QueueSample>): void
  setWorkers(workers: readonly Omit<WorkerState, 'seenAt' | 'worker'>[]): void
  tell: SourceListener
  /** Sets a queue and says so. */
  push(queue: string, sample: Partial<QueueSample>): void
}

export function createFakeSource(): FakeSource {
  const samples = new Map<string, Partial<QueueSample>>()
  let workers: readonly Omit<WorkerState, 'seenAt' | 'worker'>[] = []
  const listeners = new Set<SourceListener>()
  const state: SourceState = {
    polls: { status: 'ready', since: Date.now() },
    pushes: { status: 'ready', since: Date.now() },
  }
  const fake: FakeSource = {
    sweeps: [],
    watched: [],
    sweepMs: 1,
    blind: undefined,
    hangs: false,
    set: (queue, sample) => samples.set(queue, { ...samples.get(queue), ...sample }),
    setWorkers(next) {
      workers = next
    },
    tell(event) {
      for (const listener of listeners) listener(event)
    },
    push(queue, sample) {
      fake.set(queue, sample)
      fake.tell({ kind: 'changed', queues: [queue] })
    },
    source: {
      async sweep(queues) {
        fake.sweeps.push(queues)
        const at = Date.now()
        await new Promise((resolve) => setTimeout(resolve, fake.sweepMs))
        if (fake.hangs) await new Promise(() => {})
        const { blind } = fake
        const readings = queues.map((queue): [string, QueueReading] => [
          queue,
          blind
            ? { ok: false, cause: blind }
            : { ok: true, sample: { queue, at, waiting: 0, active: 0, ...samples.get(queue) } },
        ])
        return {
          at,
          queues: new Map(readings),
          workers: blind
            ? { ok: false, cause: blind }
            : {
                ok: true,
                workers: workers.map((one, index) => ({
                  worker: one.allocation ?? `w${index}`,
                  seenAt: at,
                  ...one,
                })),
              },
        }
      },
      watch(queues, to) {
        fake.watched.splice(0, fake.watched.length, ...queues)
        listeners.add(to)
        return {
          close() {
            listeners.delete(to)
          },
        }
      },
      state: () => state,
      close: async () => {},
    },
  }
  return fake
}
