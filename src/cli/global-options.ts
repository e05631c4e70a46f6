import type { OptionSpecs } from './command.ts'
import type { GlobalOptions } from './context.ts'

/** Options of every command. */
export const GLOBAL_OPTIONS = {
  json: { type: 'boolean', default: false, describe: 'Print JSON: data on stdout, errors on stderr' },
  color: { type: 'boolean', default: true, describe: 'Colour on a terminal; NO_COLOR=1 switches it off too' },
  help: { type: 'boolean', default: false, alias: 'h', describe: 'Show help and examples' },
  version: { type: 'boolean', default: false, describe: 'Show the version' },
} as const satisfies OptionSpecs

/** The words that are global options and nothing else; a line of only these is answered without a parser. */
const GLOBAL_FLAGS: ReadonlySet<string> = new Set(['--json', '--no-color', '--help', '-h', '--version'])

/** What must be known before the line is parsed, since it decides how a parse error is told. */
export function readGlobalOptions(argv: readonly string[]): GlobalOptions {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return { json: flags.includes('--json'), color: !flags.includes('--no-color') }
}

export function hasOnlyGlobalFlags(argv: readonly string[]): boolean {
  return argv.every((word) => GLOBAL_FLAGS.has(word))
}
