import type { DocumentPath } from '../../src/core/issue.ts'

/** Every path into a value with what stands there, the outermost (empty) path first. */
export function pathsOf(value: unknown, path: DocumentPath = []): { path: DocumentPath; value: unknown }[] {
  const here = { path, value }
  if (typeof value !== 'object' || value === null) return [here]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [here, ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))]
}
