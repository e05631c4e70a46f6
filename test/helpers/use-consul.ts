import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type ConsulClient, createConsulClient } from '../../consul/client.ts'
import { type ConsulAgent, type ConsulOptions, startConsul } from './consul-agent.ts'
import { freePorts } from './free-port.ts'

export interface UsedConsul {
  readonly folder: string
  /** Without a scheme. */
  readonly address: string
  /** Asks its HTTP API as no client of Drover's does; gives what it answers as JSON, or as text. */
  call<T = unknown>(method: string, path: string, body?: unknown, token?: string): Promise<T>
  client(token?: string): ConsulClient
  /** Ends the agent and all it holds in memory. */
  stop(): Promise<void>
  /** Starts an empty one on the same ports. */
  start(): Promise<void>
}

/** A Consul agent of its own for the tests of a file. */
export function useConsul(options: ConsulOptions = {}): UsedConsul {
  const folder = mkdtempSync(join(tmpdir(), 'drover-consul-'))
  let agent: ConsulAgent | undefined
  let ports: readonly number[] = []
  const clients = new Set<ConsulClient>()
  const used: UsedConsul = {
    folder,
    get address() {
      return `127.0.0.1:${ports[0]}`
    },
    async call<T>(method: string, path: string, body?: unknown, token?: string) {
      const answer = await fetch(`http://${used.address}/v1/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: token === undefined ? {} : { 'X-Consul-Token': token },
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${answer.status} ${text}`)
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
    client(token) {
      const settings = { address: `http://${used.address}`, verify: true }
      const client = createConsulClient(token === undefined ? settings : { ...settings, token })
      clients.add(client)
      return client
    },
    async stop() {
      await agent?.close()
      agent = undefined
    },
    async start() {
      agent = await startConsul(folder, { ...options, ports })
    },
  }
  beforeAll(async () => {
    ports = await freePorts(4)
    await used.start()
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await used.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return used
}
