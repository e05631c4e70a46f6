// A worker as its author would write it.
import { Redis } from 'ioredis'

const { startWorker } = await import(process.env.KIT)
const redis = new Redis(process.env.REDIS_URL)

const { file, ...options } = JSON.parse(process.env.OPTIONS)

async function wait(job) {
  await redis.rpush(`started:${job.id}`, process.pid)
  await new Promise((resolve) => setTimeout(resolve, job.data.ms))
  await redis.multi().rpush(`ended:${job.id}`, process.pid).incr('ended').exec()
}

await startWorker({ ...options, process: file ? new URL(file, import.meta.url) : wait })
process.stdout.write('READY\n')
