import { COMMANDS, type CommandEntry } from './commands/index.ts'
import { EXIT_INTERRUPTED, main } from './main.ts'
import type { OpenScreen } from './watch-status/screen.ts'

/** Runs the program in this process: the one place that reads it. Called by bin/drover.js. */
export async function start(
  process: NodeJS.Process,
  commands: readonly CommandEntry[] = COMMANDS,
): Promise<void> {
  const interrupt = new AbortController()
  process.on('SIGINT', () => {
    if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED)
    interrupt.abort()
  })
  // A reader that has seen enough (`drover render --stdout | head`) is no error.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      process.exit(0)
    })
  }
  const { env, stdout, stderr } = process
  const openScreen: OpenScreen = async (listener) =>
    (await import('./watch-status/screen.ts')).openScreen(process, listener)
  const io = { cwd: process.cwd(), env, stdout, stderr, signal: interrupt.signal, openScreen }
  const code = await main(process.argv.slice(2), io, commands)
  process.exitCode = code
  // An interrupted command may have left something running. Otherwise what is written is out, and to tear down the
  // heap of a render would take as long as a sixth of starting Node; a pipe that is still full is waited for.
  if (interrupt.signal.aborted || stdout.writableLength + stderr.writableLength === 0) process.exit()
}

// For the build, which runs it once to have it compiled.
export { main }
