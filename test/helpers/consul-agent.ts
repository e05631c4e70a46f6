import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './daemon.ts'
import { freePorts } from './free-port.ts'

export interface ConsulAgent extends Daemon {
  /** Without a scheme: `127.0.0.1:30123`. */
  readonly address: string
}

/** The Consul that script/consul builds; the first time that takes minutes. */
export function consulBinary(): string {
  const script = join(import.meta.dirname, '../../script/consul')
  return execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
}

/** A development agent on free ports of 127.0.0.1, in memory; `folder` takes its log. */
export async function startConsul(folder: string): Promise<ConsulAgent> {
  const [http, serf, server, grpc] = await freePorts(4)
  const address = `127.0.0.1:${http}`
  const daemon = await startDaemon({
    command: consulBinary(),
    args: [
      ...['agent', '-dev', '-bind=127.0.0.1', '-client=127.0.0.1', '-log-level=warn'],
      ...[`-http-port=${http}`, `-serf-lan-port=${serf}`, `-server-port=${server}`, `-grpc-port=${grpc}`],
      ...['-serf-wan-port=-1', '-dns-port=-1'],
    ],
    log: join(folder, 'consul.log'),
    ready: async () => (await (await fetch(`http://${address}/v1/status/leader`)).json()) !== '',
  })
  return { ...daemon, address }
}
