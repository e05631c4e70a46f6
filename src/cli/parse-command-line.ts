import yargs from 'yargs'
import { closest } from '../core/closest.ts'
import { DroverError } from '../errors.ts'
import { checkValues, unknownOptions } from './check-values.ts'
import type { CommandModule, OptionSpec, OptionSpecs } from './command.ts'
import type { CommandEntry } from './commands/index.ts'
import { GLOBAL_OPTIONS } from './global-options.ts'

export interface CommandLine {
  readonly entry: CommandEntry
  readonly module: CommandModule
  /** Values of the command's arguments and options, as `run` takes them. */
  readonly values: Readonly<Record<string, unknown>>
  /** What the line asks for: to run the command, or only to be told something. */
  readonly wants: 'run' | 'help' | 'version'
}

type Parsed = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] }

/**
 * Finds the command, loads it and reads its options. The command is the first word without dashes, since what
 * may stand before it (the options of every command) takes no value. Throws USAGE with all that is wrong.
 */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly CommandEntry[],
): Promise<CommandLine> {
  const at = argv.findIndex((word) => !word.startsWith('-'))
  const name = argv[at]
  if (name === undefined) throw noCommand(parse(argv, {}, undefined))
  const entry = commands.find((one) => one.name === name)
  if (entry === undefined) throw unknownCommand(name, commands)
  const module = (await entry.load()).default
  const parsed = parse(argv.toSpliced(at, 1), module.options, entry)
  if (parsed.help === true) return { entry, module, values: {}, wants: 'help' }
  if (parsed.version === true) return { entry, module, values: {}, wants: 'version' }
  const { values, problems } = checkValues(module, parsed, parsed._.map(String), argv)
  if (problems.length > 0) throw wrongLine(problems.join('; '), entry)
  return { entry, module, values, wants: 'run' }
}

/** Without yargs' own help, commands and messages: they read files, and lay out pages that nobody has asked for. */
function parse(argv: readonly string[], options: OptionSpecs, entry: CommandEntry | undefined): Parsed {
  try {
    return yargs()
      .parserConfiguration({
        'camel-case-expansion': false,
        'dot-notation': false,
        'parse-positional-numbers': false,
      })
      .help(false)
      .version(false)
      .exitProcess(false)
      .fail(false)
      .options(forParser({ ...GLOBAL_OPTIONS, ...options }))
      .parseSync(argv)
  } catch (error) {
    throw parserError(error, entry)
  }
}

/** What the parser itself refuses: an option at the end, or before another, that needs a value. */
function parserError(error: unknown, entry: CommandEntry | undefined): unknown {
  if (!(error instanceof Error) || error.name !== 'YError') return error
  const option = /^Not enough arguments following: (.+)$/.exec(error.message)?.[1]
  return wrongLine(option === undefined ? error.message : `--${option} needs a value`, entry)
}

function wrongLine(problem: string, entry: CommandEntry | undefined): DroverError {
  return new DroverError('USAGE', problem, { hint: `See drover${entry ? ` ${entry.name}` : ''} --help.` })
}

function noCommand(parsed: Parsed): DroverError {
  const [problem] = unknownOptions({}, parsed, [])
  if (problem !== undefined) return wrongLine(problem, undefined)
  return new DroverError('USAGE', 'no command is given', { hint: 'drover --help lists them.' })
}

function unknownCommand(name: string, commands: readonly CommandEntry[]): DroverError {
  const names = commands.map((entry) => entry.name)
  const near = closest(name, names)
  const hint = near === undefined ? 'drover --help lists the commands.' : `Did you mean ${near}?`
  return new DroverError('USAGE', `unknown command ${JSON.stringify(name)}`, { hint })
}

/** What the parser is to do with each option. What must hold of its value is checked after, all at once. */
function forParser(options: OptionSpecs): Record<string, OptionSpec> {
  return Object.fromEntries(
    Object.entries(options).map(([name, { choices, demandOption, complete, value, ...spec }]) => [
      name,
      { ...spec, requiresArg: spec.type !== 'boolean' },
    ]),
  )
}
