import type { Issue } from '../issue.ts'
import { zodIssues } from '../zod-issues.ts'
import { stackSchema } from './schema/stack.ts'

/**
 * Whether a value has the shape of a written stack. The build puts a checker in this function's place that is
 * compiled from the same schema's JSON form: zod would take a seventh of a cold render to be loaded and asked.
 * What the JSON form cannot say (a duration beyond 292 years) is found when the stack is normalized.
 */
export function fits(value: unknown): boolean {
  return stackSchema.safeParse(value).success
}

/** Every way in which a value is not a written stack. */
export function misfits(value: unknown): Issue[] {
  const result = stackSchema.safeParse(value)
  return result.success ? [] : zodIssues(result.error.issues, { value, schema: stackSchema })
}
