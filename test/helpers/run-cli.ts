import { COMMANDS, type CommandEntry } from '../../src/cli/commands/index.ts'
import type { Io } from '../../src/cli/context.ts'
import { main } from '../../src/cli/main.ts'

export interface CliRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliSurroundings extends Partial<Io> {
  readonly commands?: readonly CommandEntry[]
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Runs one command line in this process and gives what it printed. */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings = {}): Promise<CliRun> {
  const { commands = COMMANDS, isTTY = false, columns = 100, ...io } = surroundings
  const printed = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof printed) => ({
    isTTY,
    columns,
    write: (text: string) => {
      printed[name] += text
      return true
    },
  })
  const code = await main(
    argv,
    { cwd: import.meta.dirname, env: {}, stdout: stream('stdout'), stderr: stream('stderr'), ...io },
    commands,
  )
  return { code, ...printed }
}
