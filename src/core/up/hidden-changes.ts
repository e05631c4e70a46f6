import type { LiveJob, ParsedJob } from './nomad-answers.ts'

/** What Nomad's diff leaves out, though a registration makes a new version of it: the job's own spread. */
export function hiddenChanges(job: ParsedJob, live: LiveJob): string[] {
  return inOneForm(job.Spreads) === inOneForm(live.Spreads) ? [] : ['Spreads differ']
}

/** None is told as null or as an empty list; keys in any order. */
function inOneForm(value: unknown): string {
  if (value === undefined || value === null) return '[]'
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : (one ?? []),
  )
}
