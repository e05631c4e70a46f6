import { DroverError } from '../errors.ts'
import { COMMANDS, type CommandEntry } from './commands/index.ts'
import { COMPLETE_COMMAND } from './completion/complete-command.ts'
import { type Context, createContext, type Io } from './context.ts'
import { hasOnlyGlobalFlags, readGlobalOptions } from './global-options.ts'
import { commandPage, overviewPage } from './help.ts'
import { reportError } from './report-error.ts'
import { VERSION } from './version.ts'

/** Exit code after SIGINT, as shells have it: 128 + 2. */
export const EXIT_INTERRUPTED = 130

/** How long a command that was interrupted may take to close what it opened. */
const INTERRUPT_GRACE_MS = 500

/**
 * Runs one command line and returns its exit code; never throws. `argv` is without node and script. Each command
 * is loaded when it is named, and the parser when there is something to parse: the first help page needs neither.
 */
export async function main(
  argv: readonly string[],
  io: Io,
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<number> {
  const context = createContext(io, readGlobalOptions(argv))
  try {
    const code = await Promise.race([run(argv, context, commands), interrupted(context.signal)])
    return context.signal.aborted ? EXIT_INTERRUPTED : code
  } catch (error) {
    return context.signal.aborted ? EXIT_INTERRUPTED : reportError(error, context.output, context.json)
  } finally {
    context.output.progress('')
  }
}

async function run(
  argv: readonly string[],
  context: Context,
  commands: readonly CommandEntry[],
): Promise<number> {
  const [first, second] = argv
  if (first === COMPLETE_COMMAND) {
    const { printCompletions } = await import('./completion/complete.ts')
    return printCompletions(argv.slice(1), commands, context)
  }
  if (first === 'help' && second !== undefined) return run([second, '--help'], context, commands)
  if (hasOnlyGlobalFlags(argv)) return showOverview(argv, context, commands)
  const { parseCommandLine } = await import('./parse-command-line.ts')
  const { entry, module, values, wants } = await parseCommandLine(argv, commands)
  if (wants === 'version') return showVersion(context)
  if (wants === 'help') {
    context.output.data(commandPage(entry, module, context.output))
    return 0
  }
  return module.run(values as never, context)
}

function showOverview(argv: readonly string[], context: Context, commands: readonly CommandEntry[]): number {
  if (argv.includes('--version')) return showVersion(context)
  if (!argv.includes('--help') && !argv.includes('-h')) {
    throw new DroverError('USAGE', 'no command is given', { hint: 'drover --help lists them.' })
  }
  context.output.data(overviewPage(commands, context.output))
  return 0
}

function showVersion({ output, json }: Context): number {
  if (json) output.printJson({ version: VERSION })
  else output.data(`drover ${VERSION}\n`)
  return 0
}

/** Resolves a while after the signal: by then a command that listens to it has closed what it opened. */
function interrupted(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const later = () => setTimeout(() => resolve(EXIT_INTERRUPTED), INTERRUPT_GRACE_MS)
    if (signal.aborted) later()
    else signal.addEventListener('abort', later, { once: true })
  })
}
