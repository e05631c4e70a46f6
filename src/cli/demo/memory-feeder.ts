import type { MemoryBroker } from '../../sandbox/index.ts'
import type { Feeder } from './feeder.ts'

export function memoryFeeder(broker: MemoryBroker): Feeder {
  let added = 0
  return {
    async add(queue, tasks) {
      added += tasks.length
      broker.add(queue, tasks)
    },
    tally() {
      const done = new Set(broker.done).size
      return { added, done, failed: 0, twice: broker.done.length - done + broker.lost.length }
    },
    async close() {},
  }
}
