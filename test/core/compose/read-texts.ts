import { toComposeFile } from '../../../src/adapters/compose-files.ts'
import type { ComposeModel } from '../../../src/core/compose/model.ts'
import { type Environment, type Parts, resolveParts } from '../../../src/core/compose/parts.ts'
import { readCompose } from '../../../src/core/compose/read-compose.ts'
import { formatIssue, type Issue } from '../../../src/core/issue.ts'

export interface Read {
  readonly model: ComposeModel
  readonly issues: readonly Issue[]
  /** Issues as the user sees them. */
  readonly lines: readonly string[]
}

/** Reads compose files out of memory. `files` are laid over each other; `others` may be referred to. */
export function readTexts(
  files: Readonly<Record<string, string>>,
  { others = {}, env = {} }: { others?: Readonly<Record<string, string>>; env?: Environment } = {},
): Read {
  const all: Readonly<Record<string, string>> = { ...files, ...others }
  const problem = (path: string) => `${path} does not exist`
  const { model, issues, wanted } = readCompose({
    files: Object.keys(files),
    env,
    sources: {
      compose: (path) => {
        const text = all[path]
        return text === undefined ? { issues: [], problem: problem(path) } : toComposeFile(path, text)
      },
      text: (path) => {
        const text = all[path]
        return text === undefined ? { problem: problem(path) } : { text }
      },
    },
  })
  if (!model) throw new Error(`no model: ${issues.map(formatIssue).join('\n')}`)
  if (wanted.compose.length + wanted.text.length > 0)
    throw new Error('the sources had everything, yet more is wanted')
  return { model, issues, lines: issues.map(formatIssue) }
}

/** One service `a` with an image and these lines, indented for it. */
export function service(lines: string, top = ''): string {
  const body = lines
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  return `services:\n  a:\n    image: i\n${body}\n${top}`
}

/** Values without their origins, texts joined with no variables set: for comparing. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  if ('value' in value && 'key' in value && 'position' in value) return joined(value.value)
  const entries = Object.entries(value).filter(([key]) => key !== 'position' && key !== 'comment')
  return Object.fromEntries(entries.map(([key, child]) => [key, bare(child)]))
}

/** A text, or the words of a command. */
function joined(value: unknown): unknown {
  if (isParts(value)) return resolveParts(value, {})
  return Array.isArray(value) ? value.map(joined) : bare(value)
}

function isParts(value: unknown): value is Parts {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(
      (part) => typeof part === 'string' || (typeof part === 'object' && part !== null && 'variable' in part),
    )
  )
}
