// A worker as an author writes one: it sleeps as long as a task says, and notes when it starts and ends each.
import { Redis } from 'ioredis'
import { startWorker } from '../../../dist/worker/index.js'

const notes = new Redis(process.env.REDIS_URL)
const note = (what, job) =>
  notes.rpush('notes', JSON.stringify({ what, task: job.id, by: process.env.NOMAD_ALLOC_ID, at: Date.now() }))

await startWorker({
  queues: process.env.QUEUES.split(','),
  concurrency: Number(process.env.CONCURRENCY),
  process: async (job) => {
    await note('start', job)
    await new Promise((resolve) => setTimeout(resolve, job.data.ms))
    await note('end', job)
  },
  health: false,
})
// The kit ends the process when it has left; a connection of the program's own must not keep it.
notes.unref?.()
