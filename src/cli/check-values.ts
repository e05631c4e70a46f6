import { closest } from '../core/closest.ts'
import type { CommandModule, OptionSpec, OptionSpecs } from './command.ts'
import { GLOBAL_OPTIONS } from './global-options.ts'

export interface CheckedValues {
  readonly values: Readonly<Record<string, unknown>>
  /** Everything that is wrong, each a clause. */
  readonly problems: readonly string[]
}

/** Holds what was typed against what the command takes. `words` are those without dashes, after the command. */
export function checkValues(
  module: CommandModule,
  parsed: Readonly<Record<string, unknown>>,
  words: readonly string[],
  argv: readonly string[],
): CheckedValues {
  const values: Record<string, unknown> = {}
  const problems = unknownOptions(module.options, parsed, argv)
  for (const [name, spec] of Object.entries(module.options)) {
    problems.push(...problemsOf(`--${name}`, spec, parsed[name]))
    put(values, name, parsed[name])
  }
  const rest = [...words]
  for (const [name, spec] of Object.entries(module.arguments)) {
    const value = spec.array ? rest.splice(0) : rest.shift()
    problems.push(...problemsOf(spec.value ?? name.toUpperCase(), spec, value))
    put(values, name, value)
  }
  problems.push(...rest.map((word) => `unexpected argument ${JSON.stringify(word)}`))
  return { values, problems }
}

function put(values: Record<string, unknown>, name: string, value: unknown): void {
  if (value === undefined) return
  values[name] = value
  values[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value
}

function problemsOf(label: string, spec: OptionSpec, value: unknown): string[] {
  const given = Array.isArray(value) ? value : value === undefined ? [] : [value]
  if (given.length === 0) return spec.demandOption ? [`${label} is missing${choicesOf(spec)}`] : []
  if (Array.isArray(value) && !spec.array) return [`${label} is given more than once`]
  return given.flatMap((one) => problemOf(label, spec, one) ?? [])
}

function problemOf(label: string, spec: OptionSpec, value: unknown): string | undefined {
  if (value === '') return `${label} needs a value`
  if (spec.type === 'number' && Number.isNaN(value)) return `${label} needs a number`
  const known = spec.choices?.map(String)
  if (!known || known.includes(String(value))) return undefined
  const near = closest(String(value), known)
  return `${label} cannot be ${JSON.stringify(value)}${near === undefined ? choicesOf(spec) : ` (did you mean ${near}?)`}`
}

function choicesOf(spec: OptionSpec): string {
  return spec.choices ? ` (it is one of ${spec.choices.join(', ')})` : ''
}

/** Options that neither the command nor the program has, each a clause. */
export function unknownOptions(
  own: OptionSpecs,
  parsed: Readonly<Record<string, unknown>>,
  argv: readonly string[],
): string[] {
  const options = Object.entries<OptionSpec>({ ...GLOBAL_OPTIONS, ...own })
  const known = new Set([
    '_',
    '$0',
    ...options.flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()]),
  ])
  return Object.keys(parsed)
    .filter((key) => !known.has(key))
    .map((key) => {
      const typed = argv.includes(`--no-${key}`) ? `--no-${key}` : `${key.length === 1 ? '-' : '--'}${key}`
      const near = closest(key, [...known])
      return `unknown option ${typed}${near === undefined ? '' : ` (did you mean --${near}?)`}`
    })
}
