import type { Document } from '../document.ts'
import type { Issue } from '../issue.ts'
import { zodIssues } from '../zod-issues.ts'
import { stackSchema, type WrittenStack } from './schema/stack.ts'

/** Checks the shape of a stack document: either the stack as written, or every way in which it is not one. */
export function parseStack(document: Document): { written: WrittenStack } | { issues: Issue[] } {
  const result = stackSchema.safeParse(document.value)
  if (result.success) return { written: result.data }
  return { issues: zodIssues(result.error.issues, { value: document.value, schema: stackSchema }) }
}

/** Every file that the stack embeds, by the path as written, with the places that name it. */
export function sourcesOf(written: WrittenStack): ReadonlyMap<string, Issue['path']> {
  const sources = new Map<string, Issue['path']>()
  const visit = (task: { files?: Record<string, { source?: string | undefined }> | undefined }, path: Issue['path']): void => {
    for (const [to, { source }] of Object.entries(task.files ?? {}))
      if (source !== undefined && !sources.has(source)) sources.set(source, [...path, 'files', to, 'source'])
  }
  for (const section of ['services', 'workers', 'batch', 'periodic', 'system'] as const)
    for (const [name, job] of Object.entries(written[section] ?? {})) {
      visit(job, [section, name])
      for (const extra of ['init', 'sidecars'] as const)
        for (const [key, task] of Object.entries(job[extra] ?? {})) visit(task, [section, name, extra, key])
    }
  return sources
}
