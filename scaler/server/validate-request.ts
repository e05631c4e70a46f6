import { formatIssue } from '../../src/core/issue.ts'
import type { z } from '../../src/core/zod.ts'
import { zodIssues } from '../../src/core/zod-issues.ts'
import { DroverError } from '../../src/errors.ts'

/** fastify's compiler of checks, for zod: what it gives back is what the handler gets. */
export function validateRequest({ schema }: { readonly schema: z.ZodType }) {
  return (value: unknown): { value: unknown } | { error: Error } => {
    const parsed = schema.safeParse(value)
    if (parsed.success) return { value: parsed.data }
    const issues = zodIssues(parsed.error.issues, { value: value ?? {}, schema })
    const first = issues[0]
    return {
      error: new DroverError(
        'USAGE',
        issues.length === 1 && first ? formatIssue(first) : `the request has ${issues.length} errors`,
        { issues },
      ),
    }
  }
}
