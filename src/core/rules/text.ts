import type { DocumentPath } from '../issue.ts'
import { textProblem } from '../spec/hcl.ts'
import { type Task, tasksOf, type Value } from '../stack/stack.ts'
import { literalText } from '../stack/value.ts'
import { forEachJob, type Rule } from './rule.ts'
import { perJob } from './view.ts'

/** Nomad reads env templates line by line into a buffer of this size. */
const LONGEST_ENV_LINE = 64 * 1024
/** Linux takes no longer NAME=VALUE, ended by a NUL. */
const LONGEST_VARIABLE = 128 * 1024

export const badText: Rule = {
  code: 'bad-text',
  severity: 'error',
  silenceable: false,
  reason: 'A job spec is Unicode text, and neither HCL nor a process environment can hold a NUL.',
  fix: 'remove it; binary data can be embedded as base64',
  *check({ stack, settings }) {
    if (!hasEscapes(settings) && !stack.jobs.some(jobHasEscapes)) return
    for (const { text, path } of texts(stack, [])) {
      const problem = textProblem(text)
      if (problem !== undefined) yield { path, message: `the text ${problem}` }
    }
  },
}

/** In JSON both show as escapes, so one look over everything tells whether there is anything to find. */
function hasEscapes(json: string): boolean {
  return /\\u(?:0000|d[89a-f])/i.test(json)
}

const jobHasEscapes = perJob((job) => hasEscapes(JSON.stringify(job)))

export const reservedVariable: Rule = {
  code: 'reserved-variable',
  severity: 'error',
  silenceable: false,
  reason: 'Drover passes secrets and addresses in commands through variables of these names.',
  fix: 'rename the variable',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job))
      for (const name of Object.keys(task.env))
        if (/^DROVER_ARGUMENT_\d+$/.test(name))
          yield { path: pathOf(task, name), message: `the variable ${name} is Drover's own`, job: job.name }
  }),
}

export const variableTooLong: Rule = {
  code: 'variable-too-long',
  severity: 'error',
  silenceable: false,
  reason:
    'Linux starts no program with a variable above 128 KB, and Nomad reads one with a secret or an address from a line of at most 64 KB.',
  fix: 'put it into a file (`files`)',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job))
      for (const [name, value] of Object.entries(task.env)) {
        const most = literalText(value) === undefined ? LONGEST_ENV_LINE : LONGEST_VARIABLE
        // Counting bytes is worth it only for long texts; none has more than six a character.
        if (literalLength(value) * 6 < most) continue
        const bytes = name.length + 2 + literalBytes(value, most === LONGEST_ENV_LINE)
        if (bytes > most)
          yield {
            path: pathOf(task, name),
            message: `the variable ${name} has ${bytes} bytes, at most ${most} are possible`,
            job: job.name,
          }
      }
  }),
}

interface PlacedText {
  readonly text: string
  readonly path: DocumentPath
}

/** Names of the normal form that are other words in the stack file. */
const WRITTEN: Readonly<Record<string, string>> = {
  main: '',
  jobs: '',
  mounts: 'volumes',
  patch: 'x-nomad',
  crons: 'cron',
  periodic: '',
}

/** Every text of the stack, keys too, and about where it is written. */
function* texts(node: unknown, path: DocumentPath): Generator<PlacedText> {
  if (typeof node === 'string') yield { text: node, path }
  else if (Array.isArray(node))
    for (const [index, item] of node.entries()) yield* texts(item, [...path, index])
  else if (typeof node === 'object' && node !== null) {
    const own = (node as { path?: unknown }).path
    const here = Array.isArray(own) ? (own as DocumentPath) : path
    for (const [key, value] of Object.entries(node)) {
      // Paths hold keys of the stack again, which the objects themselves have as well.
      if (key === 'path' || key === 'envPaths') continue
      yield { text: key, path: here }
      if (key === 'env' && isTask(node))
        for (const [name, part] of Object.entries(node.env)) yield* texts([name, part], pathOf(node, name))
      else yield* texts(value, writtenKey(key) === '' ? here : [...here, writtenKey(key)])
    }
  }
}

/** Keys of the normal form are camelCase where the stack file has underscores; a user's own keys seldom are. */
function writtenKey(key: string): string {
  return (
    WRITTEN[key] ??
    (/^[a-z]+(?:[A-Z][a-z]+)+$/.test(key)
      ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      : key)
  )
}

function isTask(node: object): node is Task {
  return 'envPaths' in node
}

function pathOf(task: Task, variable: string): DocumentPath {
  return task.envPaths[variable] ?? [...task.path, 'env', variable]
}

function literalLength(value: Value): number {
  return value.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0)
}

/** Bytes of the literal parts in UTF-8, as plain text or quoted as JSON. */
function literalBytes(value: Value, quoted: boolean): number {
  let bytes = 0
  for (const part of value)
    if (typeof part === 'string')
      for (const character of quoted ? JSON.stringify(part) : part) {
        const code = character.codePointAt(0) ?? 0
        bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
      }
  return bytes
}
