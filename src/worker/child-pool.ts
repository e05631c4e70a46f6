import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Worker as Thread } from 'node:worker_threads'
import type { Job } from 'bullmq'
import type { FromChild, ToChild } from './isolated-processor.ts'

export interface ChildPool {
  /**
   * Runs a task in a thread or process of its own. When `soft` is aborted the task is told so, when `hard` is it is
   * killed. Rejects with what the processor threw, or with how its thread or process ended.
   */
  run(job: Job, soft: AbortSignal, hard: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

export interface ChildPoolOptions {
  /** URL of the processor's module. */
  readonly file: string
  readonly isolation: 'thread' | 'process'
  /** Default: no end. */
  readonly maxTasksPerChild?: number | undefined
}

interface Listener {
  message(message: FromChild): void
  end(how: string): void
}

interface Child {
  tasks: number
  /** The task that runs. */
  listener: Listener | undefined
  send(message: ToChild): void
  kill(): Promise<unknown>
}

/** Children are made when they are needed, one task at a time each, and are used again. */
export function createChildPool({
  file,
  isolation,
  maxTasksPerChild = Infinity,
}: ChildPoolOptions): ChildPool {
  const idle: Child[] = []
  const all = new Set<Child>()
  const start = isolation === 'thread' ? startThread : startProcess

  function open(): Child {
    const child = start(() => {
      all.delete(child)
      if (idle.includes(child)) idle.splice(idle.indexOf(child), 1)
    })
    all.add(child)
    return child
  }

  return {
    async run(job, soft, hard) {
      const child = idle.pop() ?? open()
      child.tasks++
      let isSound = false
      try {
        const result = await runIn(child, file, job, soft, hard)
        isSound = true
        return result
      } catch (error) {
        isSound = error instanceof ProcessorError
        throw error
      } finally {
        if (isSound && child.tasks < maxTasksPerChild) idle.push(child)
        else {
          all.delete(child)
          await child.kill()
        }
      }
    },
    async close() {
      await Promise.all([...all].map((child) => child.kill()))
    },
  }
}

async function runIn(
  child: Child,
  file: string,
  job: Job,
  soft: AbortSignal,
  hard: AbortSignal,
): Promise<unknown> {
  const abort = (): void => child.send({ type: 'abort', message: messageOf(soft.reason) })
  try {
    return await new Promise((resolve, reject) => {
      child.listener = {
        message(message) {
          if (message.type === 'done') resolve(message.result)
          else if (message.type === 'failed') reject(new ProcessorError(message.error))
          // What cannot be written is told by the task's own end, which needs Redis too.
          else if (message.type === 'progress')
            job.updateProgress(message.progress as object).catch(() => undefined)
          else job.log(message.line).catch(() => undefined)
        },
        end: (how) => reject(new Error(`the processor's ${how} before the task was done`)),
      }
      hard.addEventListener('abort', () => reject(hard.reason), { once: true })
      soft.addEventListener('abort', abort, { once: true })
      const { id = '', name, queueName, data, attemptsMade, timestamp } = job
      // The same plain JSON that is in Redis; options may hold functions.
      const opts = JSON.parse(JSON.stringify(job.opts)) as Record<string, unknown>
      child.send({ type: 'run', file, job: { id, name, queueName, data, opts, attemptsMade, timestamp } })
    })
  } finally {
    child.listener = undefined
    soft.removeEventListener('abort', abort)
  }
}

/** Thrown by the processor: its thread or process is sound. Keeps the name, which BullMQ looks at. */
class ProcessorError extends Error {
  constructor({ name, message, stack }: { name: string; message: string; stack?: string }) {
    super(message)
    this.name = name
    if (stack !== undefined) this.stack = stack
  }
}

function startThread(ended: () => void): Child {
  const thread = new Thread(childFile())
  const child: Child = {
    tasks: 0,
    listener: undefined,
    send: (message) => thread.postMessage(message),
    kill: () => thread.terminate(),
  }
  thread.on('message', (message: FromChild) => child.listener?.message(message))
  thread.on('error', (error) => child.listener?.end(`thread failed (${messageOf(error)})`))
  thread.on('exit', (code) => {
    ended()
    child.listener?.end(`thread ended (code ${code})`)
  })
  return child
}

function startProcess(ended: () => void): Child {
  const forked = fork(fileURLToPath(childFile()), { serialization: 'advanced' })
  const gone = new Promise((resolve) => forked.once('exit', resolve))
  const child: Child = {
    tasks: 0,
    listener: undefined,
    send: (message) => void forked.send(message, () => undefined),
    kill() {
      forked.kill('SIGKILL')
      return gone
    },
  }
  forked.on('message', (message) => child.listener?.message(message as FromChild))
  forked.on('error', (error) => child.listener?.end(`process failed (${error.message})`))
  forked.on('exit', (code, signal) => {
    ended()
    child.listener?.end(`process ended (${signal ?? `code ${code}`})`)
  })
  return child
}

function childFile(): URL {
  return new URL('./child.js', import.meta.url)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
