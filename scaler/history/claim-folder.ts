import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The path of a socket may be this long on every system. */
const LONGEST = 100

/**
 * Makes a folder this process's own, for as long as it lives: a socket in it answers, and the system closes it with
 * the process, however that ends, and whatever container it was in. Rejects with the reason when another has it, or
 * when it cannot be written.
 */
export async function claimFolder(folder: string): Promise<() => void> {
  mkdirSync(folder, { recursive: true })
  const path = socketOf(resolve(folder))
  const server = (await listen(path)) ?? ((await isAnswered(path)) ? undefined : await takeOver(path))
  if (server === undefined) throw new Error('another process keeps its history there')
  server.unref()
  return () => void server.close()
}

async function takeOver(path: string): Promise<Server | undefined> {
  rmSync(path, { force: true })
  return listen(path)
}

function socketOf(folder: string): string {
  const path = join(folder, 'owner.sock')
  if (path.length <= LONGEST) return path
  return join(tmpdir(), `drover-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}.sock`)
}

/** Undefined when the path is taken. */
function listen(path: string): Promise<Server | undefined> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    )
    server.listen(path, () => done(server))
  })
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path, () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}
