// A worker as an author writes one: it sleeps as long as a task says and notes which tasks it has done.
import { Redis } from 'ioredis'
import { startWorker } from '../../../dist/worker/index.js'

const notes = new Redis(process.env.REDIS_URL)
await startWorker({
  queues: ['sleep'],
  concurrency: 1,
  process: async (job) => {
    await new Promise((resolve) => setTimeout(resolve, job.data.ms))
    await notes.rpush('done', `${job.id} ${process.env.NOMAD_ALLOC_ID}`)
  },
  health: false,
})
// The kit ends the process when it has left; a connection of the program's own must not keep it.
notes.unref?.()
