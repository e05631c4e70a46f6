import { compact } from '../compact.ts'
import type { DocumentPath } from '../issue.ts'
import { findPort } from '../plan/names.ts'
import { jobValues, type PlacedValue, serviceReferences } from '../stack/references.ts'
import type { Job, Port, Stack } from '../stack/stack.ts'
import type { Rule } from './rule.ts'

/** An address that a job looks up. */
export interface Reference {
  readonly service: string
  readonly port?: string
  /** False: the task starts without it. */
  readonly wait: boolean
  readonly path: DocumentPath
  readonly holder: PlacedValue
}

/** What rules look at: the stack, and what several of them need to know of it, worked out once. */
export interface StackView {
  readonly stack: Stack
  /** All of the stack but its jobs, as JSON: equal for two views whose settings are the same. */
  readonly settings: string
  /** By name; the first when a name is taken twice. */
  readonly jobs: ReadonlyMap<string, Job>
  /** Every value of a job that may hold secrets and addresses. */
  valuesOf(job: Job): readonly PlacedValue[]
  /** Every address of another job that a job looks up. */
  referencesOf(job: Job): readonly Reference[]
  /** The port that a reference means; undefined when that is not clear. */
  portOf(reference: Pick<Reference, 'service' | 'port'>): Port | undefined
  /** All rules by code. */
  readonly rules: ReadonlyMap<string, Rule>
  /** Entries of `silence` that have silenced something up to now, as silenceKey() writes them. */
  readonly usedSilences: ReadonlySet<string>
}

export function viewOf(
  stack: Stack,
  rules: ReadonlyMap<string, Rule>,
  usedSilences: ReadonlySet<string>,
): StackView {
  const jobs = new Map<string, Job>()
  for (const job of stack.jobs) if (!jobs.has(job.name)) jobs.set(job.name, job)
  const { jobs: _, ...settings } = stack
  return {
    stack,
    settings: JSON.stringify(settings),
    jobs,
    valuesOf,
    referencesOf,
    portOf({ service, port }) {
      const target = jobs.get(service)
      if (!target || (port === undefined && target.ports.length > 1)) return undefined
      return findPort(target, port)
    },
    rules,
    usedSilences,
  }
}

/** What holds a value, for a person. */
export function holderOf({ place, name }: PlacedValue): string {
  switch (place) {
    case 'env':
      return `the variable ${name}`
    case 'file':
      return `the file ${name}`
    case 'check':
      return `the check ${name}`
    default:
      return `the ${place}`
  }
}

/** Names one entry of a `silence` map; without a job it is the stack's own. */
export function silenceKey(code: string, job = ''): string {
  return `${job}:${code}`
}

/** Work on a job alone, done once: a job that did not change is the same object when its stack is read again. */
export function perJob<T>(work: (job: Job) => T): (job: Job) => T {
  const known = new WeakMap<Job, { readonly result: T }>()
  return (job) => {
    const before = known.get(job)
    if (before) return before.result
    const result = work(job)
    known.set(job, { result })
    return result
  }
}

/** Every value of a job that may hold secrets and addresses. */
export const valuesOf = perJob(jobValues)

/** Every address of another job that a job looks up. */
export const referencesOf = perJob((job): Reference[] =>
  serviceReferences(job).map(({ reference: { service, port, wait }, path, holder }) =>
    compact({ service, port, wait, path, holder }),
  ),
)
