import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { processRunner, type Runner, workerGroupOf } from '../../sandbox/index.ts'

/** Runs each allocation of a worker group as a process of drover/worker, with tasks that only pretend. */
export function workerProcesses(folder: string, redis: string): Runner {
  const program = workerProgram()
  return processRunner({
    folder,
    command(start) {
      const group = workerGroupOf(start)
      if (group === undefined) return undefined
      return [process.execPath, program, JSON.stringify({ ...group, redis })]
    },
  })
}

/** Whether there is a BullMQ for them: it is the worker author's, not Drover's. */
export function hasBullmq(): boolean {
  try {
    createRequire(workerProgram()).resolve('bullmq')
    return true
  } catch {
    return false
  }
}

/** Beside the bundle's folder, and in the source. */
const PLACES = ['../bin/sandbox-worker.mjs', '../../../bin/sandbox-worker.mjs']

export function workerProgram(): string {
  const places = PLACES.map((path) => fileURLToPath(new URL(path, import.meta.url)))
  return places.find((path) => existsSync(path)) ?? (places[0] as string)
}
