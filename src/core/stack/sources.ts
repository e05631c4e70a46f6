import type { DocumentPath } from '../issue.ts'
import type { WrittenStack } from './schema/stack.ts'
import { SECTIONS, type Section } from './sections.ts'

interface WithFiles {
  readonly files?: Readonly<Record<string, { readonly source?: string | undefined }>> | undefined
}

interface WithTasks extends WithFiles {
  readonly init?: Readonly<Record<string, WithFiles>> | undefined
  readonly sidecars?: Readonly<Record<string, WithFiles>> | undefined
}

interface PlacedSource {
  readonly source: string
  /** Below the job. */
  readonly path: DocumentPath
}

/** Every file that the stack embeds, by the path as written, with the first place that names it. */
export function sourcesOf(written: WrittenStack): ReadonlyMap<string, DocumentPath> {
  const sources = new Map<string, DocumentPath>()
  for (const section of Object.keys(SECTIONS) as Section[])
    for (const [name, job] of Object.entries(written[section] ?? {}))
      for (const { source, path } of sourcesIn(job))
        if (!sources.has(source)) sources.set(source, [section, name, ...path])
  return sources
}

/** Every file that the tasks of one job embed. */
export function taskSources(job: WithTasks): ReadonlySet<string> {
  return new Set(sourcesIn(job).map(({ source }) => source))
}

const known = new WeakMap<WithTasks, readonly PlacedSource[]>()

/** Looked for once: an entry that did not change is the same object when its file is read again. */
function sourcesIn(job: WithTasks): readonly PlacedSource[] {
  const before = known.get(job)
  if (before) return before
  const sources = [...placedSources(job)]
  known.set(job, sources)
  return sources
}

function* placedSources(job: WithTasks): Generator<PlacedSource> {
  yield* ofTask(job, [])
  for (const extra of ['init', 'sidecars'] as const)
    for (const [key, task] of Object.entries(job[extra] ?? {})) yield* ofTask(task, [extra, key])
}

function* ofTask({ files }: WithFiles, path: DocumentPath): Generator<PlacedSource> {
  for (const [to, { source }] of Object.entries(files ?? {}))
    if (source !== undefined) yield { source, path: [...path, 'files', to, 'source'] }
}
