import type { Job } from '../../../src/core/stack/stack.ts'
import { aStack } from '../../helpers/a-stack.ts'

/** The only job of a stack that has one entry in one section. */
export function jobOf(section: string, written: object, rest: object = {}): Job {
  const job = aStack({ ...rest, [section]: { it: written } }).jobs[0]
  if (!job) throw new Error('no job')
  return job
}

export const service = (written: object = {}, rest: object = {}): Job =>
  jobOf('services', { image: 'a:1', ...written }, rest)
export const worker = (written: object = {}, rest: object = {}): Job =>
  jobOf('workers', { image: 'a:1', queues: ['q'], scale: { max: 3 }, ...written }, rest)
