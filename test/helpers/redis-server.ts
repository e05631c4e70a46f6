import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly folder: string
  /** Ends the process as a crash would, or has it save first. */
  stop(how?: 'crash' | 'save'): Promise<void>
  /** Starts again on the same port; with other arguments when given. */
  start(args?: readonly string[]): Promise<void>
  /** Stops and removes everything. */
  close(): Promise<void>
  /** Sends a signal: SIGSTOP makes a server that is there but silent. */
  signal(signal: NodeJS.Signals): void
}

export interface RedisServerOptions {
  readonly args?: readonly string[]
  readonly port?: number
  /** For the port to answer; false when it will not answer PING. Default: true. */
  readonly waitForPing?: boolean
  /** A file to configure a sentinel with, instead of a server. */
  readonly configuration?: string
}

/** Whether there is a redis-server to start; tests skip with one line otherwise. */
export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0

/** A Redis of its own, on a free port of the loopback, with data in a temporary folder. */
export async function startRedisServer({
  args = [],
  port,
  waitForPing = true,
  configuration,
}: RedisServerOptions = {}): Promise<RedisServer> {
  const at = port ?? (await freePort())
  const folder = mkdtempSync(join(tmpdir(), 'drover-redis-'))
  let child: ChildProcess | undefined
  const server: RedisServer = {
    port: at,
    url: `redis://127.0.0.1:${at}/0`,
    folder,
    async start(other = args) {
      const own = [
        '--port',
        String(at),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--save',
        '',
        '--enable-debug-command',
        'local',
        '--loglevel',
        'warning',
        ...other,
      ]
      const words = configuration === undefined ? own : [configuration, '--sentinel', '--port', String(at)]
      child = spawn('redis-server', words, { stdio: 'ignore' })
      if (waitForPing) await waitForAnswer(at)
    },
    async stop(how = 'crash') {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      if (how === 'save') spawnSync('redis-cli', ['-p', String(at), 'save'])
      child.kill('SIGKILL')
      await ended
    },
    signal: (signal) => void child?.kill(signal),
    async close() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Any answer will do: one that wants a password answers, too. */
async function waitForAnswer(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await answers(port)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`redis-server on ${port} did not answer`)
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTo(port, '127.0.0.1', () => socket.write('PING\r\n'))
    const settle = (is: boolean) => () => {
      socket.destroy()
      resolve(is)
    }
    socket.once('data', settle(true))
    socket.once('error', settle(false))
    socket.setTimeout(1000, settle(false))
  })
}
