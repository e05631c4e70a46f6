import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** A Redis of its own on a free port of the loopback; resolves before it answers, clients wait. */
export async function startRedis(folder) {
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--maxclients', '10000'],
    { stdio: 'ignore' },
  )
  server.once('error', () => {
    process.stderr.write('redis-server is not installed. On Debian: apt-get install redis-server\n')
    process.exit(1)
  })
  return { port, stop: () => void server.kill('SIGKILL') }
}

export function freePort() {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
