// What runs in the thread or process of a processor's file: one task at a time.
import { parentPort } from 'node:worker_threads'
import type { FromChild, IsolatedProcessor, PlainError, ToChild } from './isolated-processor.ts'

const send = (message: FromChild): void => {
  if (parentPort) parentPort.postMessage(message)
  else process.send?.(message)
}

let controller = new AbortController()

async function run({ file, job }: Extract<ToChild, { type: 'run' }>): Promise<void> {
  controller = new AbortController()
  const { signal } = controller
  try {
    const module: { default?: unknown } = await import(file)
    const process = defaultExport(module, file)
    const result = await process(
      {
        ...job,
        updateProgress: (progress) => send({ type: 'progress', progress }),
        log: (line) => send({ type: 'log', line: String(line) }),
      },
      { queue: job.queueName, signal },
    )
    send({ type: 'done', result })
  } catch (error) {
    send({ type: 'failed', error: plain(error) })
  }
}

/** A CommonJS module compiled from an ES module has its default export one step deeper. */
function defaultExport(module: { default?: unknown }, file: string): IsolatedProcessor {
  const { default: first } = module
  const found =
    typeof first === 'object' && first !== null && 'default' in first
      ? (first as { default: unknown }).default
      : first
  if (typeof found !== 'function') throw new TypeError(`${file} has no default export that is a function`)
  return found as IsolatedProcessor
}

function plain(error: unknown): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  return stack === undefined ? { name, message } : { name, message, stack }
}

function receive(message: ToChild): void {
  if (message.type === 'run') void run(message)
  else controller.abort(Object.assign(new Error(message.message), { name: 'TimeLimitError' }))
}

if (parentPort) parentPort.on('message', receive)
else {
  process.on('message', (message) => receive(message as ToChild))
  // Whoever signals the whole process group means the worker; it lets this task finish.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined)
  process.on('disconnect', () => process.exit(1))
}
