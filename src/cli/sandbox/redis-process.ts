import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RedisProcess {
  readonly url: string
  /** Ends it, and removes what it has written. */
  close(): Promise<void>
}

const WITHIN_MS = 15_000
const LOOK_EVERY_MS = 20

/** Starts a Redis on a free port of this machine, in memory; undefined where there is no redis-server on PATH. */
export async function startRedis(): Promise<RedisProcess | undefined> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'drover-redis-'))
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    // A group of its own: Ctrl-C in a terminal must not end it before the workers.
    { stdio: 'ignore', detached: true },
  )
  const gone = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  // However this process ends, its Redis goes with it.
  const end = (): void => void child.kill('SIGTERM')
  process.once('exit', end)
  const close = async (): Promise<void> => {
    end()
    await gone
    process.off('exit', end)
    rmSync(folder, { recursive: true, force: true })
  }
  const isUp = await Promise.race([gone.then(() => false), answers(child, port)])
  if (isUp) return { url: `redis://127.0.0.1:${port}/0`, close }
  await close()
  return undefined
}

async function answers(child: ChildProcess, port: number): Promise<boolean> {
  const end = Date.now() + WITHIN_MS
  while (child.exitCode === null && Date.now() < end) {
    if (await accepts(port)) return true
    await sleep(LOOK_EVERY_MS)
  }
  return false
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const end = (isUp: boolean): void => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
