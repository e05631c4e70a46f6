import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './daemon.ts'
import { freePorts } from './free-port.ts'
import { onPath } from './on-path.ts'

export interface ConsulAgent extends Daemon {
  /** Without a scheme: `127.0.0.1:30123`. */
  readonly address: string
}

/** Whether Consul can be built here; tests skip with one line otherwise. */
export function hasConsul(): boolean {
  const has = onPath('go') !== undefined
  if (!has) process.stderr.write('skipped: no go on PATH (it builds Consul)\n')
  return has
}

/** The Consul that script/consul builds; the first time that takes minutes. */
export function consulBinary(): string {
  const script = join(import.meta.dirname, '../../script/consul')
  return execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

export interface ConsulOptions {
  /** HTTP, Serf, server and gRPC. Default: free ones. */
  readonly ports?: readonly number[]
  /** More of the agent's configuration, in its JSON. */
  readonly config?: object
}

/** A development agent on ports of 127.0.0.1, in memory; `folder` takes its log and configuration. */
export async function startConsul(folder: string, options: ConsulOptions = {}): Promise<ConsulAgent> {
  const [http, serf, server, grpc] = options.ports ?? (await freePorts(4))
  const address = `127.0.0.1:${http}`
  const config = join(folder, `consul-${http}.json`)
  writeFileSync(config, JSON.stringify(options.config ?? {}))
  const daemon = await startDaemon({
    command: consulBinary(),
    args: [
      ...['agent', '-dev', '-bind=127.0.0.1', '-client=127.0.0.1', '-log-level=warn'],
      ...[`-http-port=${http}`, `-serf-lan-port=${serf}`, `-server-port=${server}`, `-grpc-port=${grpc}`],
      ...['-serf-wan-port=-1', '-dns-port=-1', `-config-file=${config}`],
    ],
    log: join(folder, 'consul.log'),
    ready: async () => (await (await fetch(`http://${address}/v1/status/leader`)).json()) !== '',
  })
  return { ...daemon, address }
}
