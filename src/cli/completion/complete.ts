import type { CommandModule, OptionSpec, OptionSpecs } from '../command.ts'
import type { CommandEntry } from '../commands/index.ts'
import type { Context } from '../context.ts'
import { GLOBAL_OPTIONS } from '../global-options.ts'

/** A word that may stand where the cursor is, and what it means. */
export interface Candidate {
  readonly word: string
  readonly about?: string
}

/** Prints `word<TAB>meaning` lines for a shell. Prints nothing, so that the shell offers files, when all goes wrong. */
export async function printCompletions(
  words: readonly string[],
  commands: readonly CommandEntry[],
  context: Context,
): Promise<number> {
  const found = await completeWords(words, commands, context).catch(() => [])
  context.output.data(found.map(({ word, about }) => `${word}\t${about ?? ''}\n`).join(''))
  return 0
}

/** What may follow `words`, whose last one is unfinished (it may be empty). None: the shell's file names. */
export async function completeWords(
  words: readonly string[],
  commands: readonly CommandEntry[],
  context: Context,
): Promise<Candidate[]> {
  // Bash makes words of its own of the `=` in --job=redis.
  const typed = words.filter((word, index) => word !== '=' || index === words.length - 1)
  const current = (typed.at(-1) ?? '').replace(/^=$/, '')
  const before = typed.slice(0, -1)
  const name = before.find((word) => !word.startsWith('-'))
  const candidates = name === undefined ? atStart(current, before, commands) : await inCommand()
  return candidates.filter(({ word }) => word.startsWith(current))

  async function inCommand(): Promise<Candidate[]> {
    const module = (await commands.find((entry) => entry.name === name)?.load())?.default
    if (module === undefined) return []
    const rest = before.slice(before.indexOf(name as string) + 1)
    const options = { ...module.options, ...GLOBAL_OPTIONS }
    if (current.startsWith('-')) return optionCandidates(options, rest)
    const open = openOption(options, rest)
    if (open !== undefined) return valuesOf(open, context, rest)
    const argument = nextArgument(module, options, rest)
    return argument === undefined ? optionCandidates(options, rest) : valuesOf(argument, context, rest)
  }
}

function atStart(current: string, before: readonly string[], commands: readonly CommandEntry[]): Candidate[] {
  if (current.startsWith('-')) return optionCandidates(GLOBAL_OPTIONS, before)
  return commands.map(({ name, describe }) => ({ word: name, about: describe }))
}

function optionCandidates(options: OptionSpecs, used: readonly string[]): Candidate[] {
  return Object.entries(options)
    .filter(([, spec]) => !spec.hidden)
    .map(([name, spec]) => {
      const isOnByDefault = spec.type === 'boolean' && spec.default === true
      return {
        word: isOnByDefault ? `--no-${name}` : `--${name}`,
        about: spec.describe,
        isArray: spec.array === true,
      }
    })
    .filter(({ word, isArray }) => isArray || !used.includes(word))
    .map(({ word, about }) => ({ word, about }))
}

/** The option whose value comes next: the one just named, or a list that is still being given. */
function openOption(options: OptionSpecs, before: readonly string[]): OptionSpec | undefined {
  const at = before.findLastIndex((word) => word.startsWith('-'))
  const spec = specOf(options, before[at])
  if (spec === undefined || spec.type === 'boolean') return undefined
  return at === before.length - 1 || spec.array ? spec : undefined
}

function specOf(options: OptionSpecs, word: string | undefined): OptionSpec | undefined {
  if (word === undefined || word.includes('=')) return undefined
  const name = word.replace(/^--?/, '')
  return Object.entries(options).find(
    ([key, { alias }]) => key === name || [alias ?? []].flat().includes(name),
  )?.[1]
}

function nextArgument(
  module: CommandModule,
  options: OptionSpecs,
  before: readonly string[],
): OptionSpec | undefined {
  const given = before.filter(
    (word, index) => !word.startsWith('-') && !openOption(options, before.slice(0, index)),
  )
  const specs = Object.values(module.arguments)
  return specs[given.length] ?? specs.findLast((spec) => spec.array)
}

async function valuesOf(spec: OptionSpec, context: Context, words: readonly string[]): Promise<Candidate[]> {
  const values = spec.complete ? await spec.complete(context, words) : (spec.choices ?? [])
  return values.map((value) => ({ word: String(value) }))
}
