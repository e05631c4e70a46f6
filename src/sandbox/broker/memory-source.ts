import type { WorkerState } from '../../core/scaling/sample.ts'
import type { QueueSource, SourceListener } from '../../ports.ts'
import type { SandboxClock } from '../clock.ts'
import type { MemoryQueues } from './memory-queues.ts'

export interface MemorySource {
  readonly source: QueueSource
  queuesChanged(queues: readonly string[]): void
  workerChanged(worker: string, queues: readonly string[]): void
}

/** The queues as a scaler reads them: always known, and told of at once. */
export function memorySource(
  clock: SandboxClock,
  queues: MemoryQueues,
  workers: () => readonly WorkerState[],
): MemorySource {
  const since = clock.now()
  const ready = { status: 'ready', since } as const
  let watched: { readonly queues: ReadonlySet<string>; readonly listener: SourceListener } | undefined

  function queuesChanged(names: readonly string[]): void {
    const changed = names.filter((name) => watched?.queues.has(name))
    if (changed.length > 0) watched?.listener({ kind: 'changed', queues: changed })
  }

  return {
    queuesChanged,
    workerChanged(worker, names) {
      queuesChanged(names)
      watched?.listener({ kind: 'worker', worker })
    },
    source: {
      sweep: async (names) => ({
        at: clock.now(),
        queues: new Map(names.map((name) => [name, { ok: true, sample: queues.sample(name) }])),
        workers: { ok: true, workers: workers() },
      }),
      watch(names, listener) {
        const mine = { queues: new Set(names), listener }
        watched = mine
        return {
          close() {
            if (watched === mine) watched = undefined
          },
        }
      },
      state: () => ({ polls: ready, pushes: ready }),
      async close() {
        watched = undefined
      },
    },
  }
}
