// A worker that never finishes its job: node bullmq-worker.cjs MAJOR PORT QUEUE NAME. The lock and the search
// for stalled jobs are short, so that its end shows soon.
const [, , major, port, queue, name] = process.argv
const { Worker } = require(major === '5' ? 'bullmq5' : 'bullmq')

new Worker(queue, () => new Promise((resolve) => setTimeout(resolve, 1e9)), {
  connection: { host: '127.0.0.1', port: Number(port) },
  name,
  lockDuration: 1500,
  stalledInterval: 300,
})
