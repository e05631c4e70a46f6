// A worker of the sandbox: takes tasks as any worker made with drover/worker does, and only pretends to do them.
import { setTimeout as sleep } from 'node:timers/promises'
import { startWorker } from '../dist/worker/index.js'

const { queues, concurrency, redis } = JSON.parse(process.argv[2] ?? '')

// Nobody is left to stop it once the sandbox is gone, however that came.
process.stdin.resume().once('close', () => process.exit(1))

await startWorker({
  queues,
  concurrency,
  redis,
  health: false,
  heartbeatMs: 1000,
  process: async ({ data }) => {
    await sleep(Number(data?.ms) || 1000)
  },
})
