import { closest } from '../closest.ts'
import type { DocumentPath, Issue } from '../issue.ts'
import type { Job, Stack } from '../stack/stack.ts'
import type { StackView } from './view.ts'

/** One place where a rule is broken. */
export interface Finding {
  readonly path: DocumentPath
  readonly message: string
  /** How to mend this one, instead of the rule's general fix. */
  readonly fix?: string
  /** The job whose `silence` counts, where the path does not lie inside a job. */
  readonly job?: string
}

/** One thing that must hold of a stack. docs/lint.md shows each rule with an example that breaks it. */
export interface Rule {
  /** Stable kebab-case name, by which it is silenced. */
  readonly code: string
  readonly severity: Issue['severity']
  /** Whether the user may know better: then `silence: {CODE: REASON}` switches it off. */
  readonly silenceable: boolean
  /** Why it matters: what would happen on the cluster. */
  readonly reason: string
  /** What to do about it, where a finding has nothing more exact to say. */
  readonly fix: string
  readonly check: Check
}

/** Looks at a whole stack; one made by `forEachJob` can also look at a single job. */
export interface Check {
  (view: StackView): Iterable<Finding>
  readonly ofJob?: CheckJob
}

export type CheckJob = (job: Job, settings: Settings) => Iterable<Finding>

/** All of a stack but its jobs. */
export type Settings = Omit<Stack, 'jobs'>

/** A check that looks at one job at a time: what it finds stands until that job or a setting changes. */
export function forEachJob(ofJob: CheckJob): Check {
  const check = function* ({ stack }: StackView): Generator<Finding> {
    for (const job of stack.jobs) yield* ofJob(job, stack)
  }
  return Object.assign(check, { ofJob })
}

/** For an unknown name: the one that was probably meant, or what there is. */
export function suggest(word: string, names: Iterable<string>): string {
  const known = [...names]
  const near = closest(word, known)
  if (near !== undefined) return `did you mean "${near}"?`
  return known.length === 0 ? 'there are none' : `there is: ${list(known)}`
}

/** Names for a person to read, at most ten of them. */
export function list(names: readonly string[]): string {
  return names.length > 10
    ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`
    : names.join(', ')
}
