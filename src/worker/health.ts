import { createServer } from 'node:http'
import type { Heartbeat } from '../worker-protocol.ts'
import type { WorkerOptions } from './options.ts'

export interface Health {
  /** Redis has answered lately. A worker that drains or is cordoned is healthy. */
  readonly healthy: boolean
  readonly heartbeat: Heartbeat
  /** When Redis last took a heartbeat, milliseconds since 1970; 0 is never. */
  readonly lastHeartbeatAt: number
}

/** Answers every GET with 200 or 503 and what the worker does, as JSON. Returns undefined when no port is known. */
export async function startHealth(
  option: WorkerOptions['health'],
  env: Readonly<Record<string, string | undefined>>,
  read: () => Health,
): Promise<{ readonly port: number; close(): void } | undefined> {
  const written = env.NOMAD_PORT_health ?? env.DROVER_HEALTH_PORT
  const address = option === undefined && written ? { port: Number(written) } : option
  if (!address) return undefined
  const server = createServer((request, response) => {
    const { healthy, heartbeat, lastHeartbeatAt } = read()
    const { busy, concurrency, state, queues, id } = heartbeat
    const body = {
      healthy,
      id,
      queues,
      busy,
      concurrency,
      cordoned: state === 'cordoned',
      draining: state === 'draining',
      lastHeartbeatAt,
    }
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json', connection: 'close' })
    response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, 'host' in address ? address.host : undefined, resolve)
  })
  const bound = server.address()
  return {
    port: typeof bound === 'object' && bound ? bound.port : address.port,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
