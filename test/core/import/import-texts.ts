import { writeStackText } from '../../../src/adapters/stack-writer.ts'
import { parseYaml } from '../../../src/adapters/yaml.ts'
import { parseAutoscale } from '../../../src/core/compose/autoscale.ts'
import type { Environment } from '../../../src/core/compose/parts.ts'
import type { BindSource } from '../../../src/core/import/bind-source.ts'
import { issuesForImport } from '../../../src/core/import/compose-issues.ts'
import { type Imported, importCompose } from '../../../src/core/import/import-compose.ts'
import type { ReportEntry } from '../../../src/core/import/report.ts'
import type { StackMap } from '../../../src/core/import/tree.ts'
import { formatIssue } from '../../../src/core/issue.ts'
import { checkStack } from '../../../src/core/rules/index.ts'
import { normalize } from '../../../src/core/stack/normalize.ts'
import { parseStack } from '../../../src/core/stack/parse-stack.ts'
import { readTexts } from '../compose/read-texts.ts'

export interface ImportedTexts extends Imported {
  readonly text: string
  readonly stack: StackMap
  /** Issues of the files and of the import, as the user sees them. */
  readonly lines: readonly string[]
  /** Errors that the stack has then. */
  readonly errors: readonly string[]
  /** A job by its name. */
  job(name: string): StackMap
  /** The entry of a key that is in force: `a ports[0]`, or `name` for the top level. */
  entry(key: string): ReportEntry
}

export interface ImportTextsOptions {
  readonly env?: Environment
  readonly binds?: Readonly<Record<string, BindSource>>
  readonly autoscale?: string
  readonly profiles?: readonly string[]
}

/**
 * Imports compose files out of memory, and holds what is true of every import: the text reads back as the tree,
 * the stack's schema takes it, and no key is missing in the report or dropped without a word.
 */
export function importTexts(
  files: string | Readonly<Record<string, string>>,
  options: ImportTextsOptions = {},
): ImportedTexts {
  const { env = {}, binds = {}, profiles } = options
  const texts = typeof files === 'string' ? { 'compose.yml': files } : files
  const { model, issues } = readTexts(texts, { env })
  const autoscale =
    options.autoscale === undefined
      ? undefined
      : parseAutoscale(parseYaml(options.autoscale, 'autoscale.yml'))
  if (autoscale && !autoscale.autoscale) throw new Error(autoscale.issues.map(formatIssue).join('\n'))
  const imported = importCompose({
    model,
    binds: new Map(Object.entries(binds)),
    places: { fromStack: 'docker', absolute: '/srv/app' },
    ...(autoscale?.autoscale ? { autoscale: { value: autoscale.autoscale, keys: autoscale.keys } } : {}),
    ...(profiles ? { profiles } : {}),
  })
  const text = writeStackText(imported.tree)
  const document = parseYaml(text, 'stack.yml')
  const parsed = parseStack(document)
  if (JSON.stringify(document.value) !== JSON.stringify(imported.tree.value))
    throw new Error(`reads back as another stack:\n${text}`)
  if ('issues' in parsed) throw new Error(`${parsed.issues.map(formatIssue).join('\n')}\n${text}`)
  if (imported.report.length !== model.keys.length + (autoscale?.keys.length ?? 0))
    throw new Error('the report lacks keys')
  const silent = imported.report.find(({ state, note }) => state !== 'mapped' && !note)
  if (silent) throw new Error(`no reason: ${JSON.stringify(silent)}`)
  const { stack, issues: found } = normalize(parsed.written, new Map())
  const errors = [...found, ...checkStack(stack)].filter(
    ({ severity, code }) => severity === 'error' && code !== 'file-source',
  )
  return {
    ...imported,
    text,
    stack: imported.tree.value,
    lines: [...issuesForImport(issues, model), ...imported.issues].map(formatIssue),
    errors: errors.map(formatIssue),
    job(name) {
      for (const section of ['services', 'workers', 'batch', 'system']) {
        const job = (imported.tree.value[section] as StackMap | undefined)?.[name]
        if (job) return job as StackMap
      }
      throw new Error(`no job ${name} in\n${text}`)
    },
    entry(key) {
      const [service, own] = key.includes(' ') ? key.split(' ') : [undefined, key]
      const entry = imported.report.find(
        (one) => one.service === service && one.key === own && one.state !== 'replaced',
      )
      if (!entry)
        throw new Error(
          `no key ${key} among ${imported.report.map((one) => `${one.service ?? ''} ${one.key}`).join(', ')}`,
        )
      return entry
    },
  }
}

/** One service `a` with these lines, and what else stands beside it. */
export function serviceA(lines: string, rest = ''): string {
  const body = lines
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  const image = /^(?:image|build):/m.test(lines) ? '' : '    image: a:1\n'
  return `name: app\nservices:\n  a:\n${image}${body}\n${rest}`
}
