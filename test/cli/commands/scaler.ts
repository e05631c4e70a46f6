import { afterEach, beforeEach } from 'vitest'
import { type CliRun, type CliSurroundings, runCli } from '../../helpers/run-cli.ts'
import { NOW } from '../../scaler/fake-scaler.ts'
import { aListeningServer, TOKEN } from '../../scaler/server/a-server.ts'

type Listening = Awaited<ReturnType<typeof aListeningServer>>

/** A scaler that listens, for each test of a file, and the command line next to it. */
export function withScaler() {
  let server: Listening | undefined
  beforeEach(async () => {
    server = await aListeningServer()
  })
  afterEach(async () => server?.app.close())
  return {
    get server(): Listening {
      if (server === undefined) throw new Error('no scaler listens yet')
      return server
    },
    /** Words of a line are separated by blanks, of which there are none in an argument. */
    run(line: string, { env, ...surroundings }: CliSurroundings = {}): Promise<CliRun> {
      return runCli(line.split(' '), {
        env: { DROVER_ADDR: server?.address, DROVER_TOKEN: TOKEN, USER: 'anna', ...env },
        now: () => NOW,
        columns: 200,
        ...surroundings,
      })
    },
  }
}

/** The lines of a table, with a bar between columns. */
export function cells(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replace(/ {2,}/g, '|'))
}
