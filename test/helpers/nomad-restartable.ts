import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './daemon.ts'
import { freePorts } from './free-port.ts'

/** A Nomad agent that keeps its data, so that it can be stopped and started; only the driver raw_exec. */
export interface RestartableNomad {
  readonly address: string
  /** Stops the agent as its service manager would; its tasks go on. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export interface RestartableOptions {
  /** Takes its data, configuration and log. */
  readonly folder: string
  /** How many clients there are besides the one in the server; each is an agent of its own. Default: 0. */
  readonly clients?: number
}

/** One server that is a client as well, and more clients when asked for, on free ports of 127.0.0.1. */
export async function startRestartableNomad({
  folder,
  clients = 0,
}: RestartableOptions): Promise<RestartableNomad> {
  const ports = await freePorts(3 + clients * 3)
  const [http = 0, rpc = 0] = ports
  const address = `http://127.0.0.1:${http}`
  const agents = Array.from({ length: clients + 1 }, (_, index) =>
    agentOf(folder, index, ports.slice(index * 3, index * 3 + 3), rpc),
  )
  const running = new Map<number, Daemon>()
  const startOne = async (index: number): Promise<void> => {
    running.set(
      index,
      await startDaemon({ ...(agents[index] as Agent), ready: () => hasNodes(address, index + 1) }),
    )
  }
  const nomad: RestartableNomad = {
    address,
    async start() {
      await startOne(0)
    },
    async stop() {
      await running.get(0)?.close()
      running.delete(0)
    },
    async close() {
      for (const daemon of running.values()) await daemon.close()
    },
  }
  for (const index of agents.keys()) await startOne(index)
  return nomad
}

interface Agent {
  readonly command: string
  readonly args: readonly string[]
  readonly log: string
}

function agentOf(folder: string, index: number, [http, rpc, serf]: readonly number[], server: number): Agent {
  const home = join(folder, `nomad-${index}`)
  mkdirSync(join(home, 'data'), { recursive: true })
  const config = join(home, 'agent.hcl')
  writeFileSync(
    config,
    `name       = "n${index}"
bind_addr  = "127.0.0.1"
data_dir   = "${home}/data"
log_level  = "WARN"
leave_on_terminate = false
leave_on_interrupt = false
advertise {
  http = "127.0.0.1"
  rpc  = "127.0.0.1"
  serf = "127.0.0.1"
}
ports {
  http = ${http}
  rpc  = ${rpc}
  serf = ${serf}
}
server {
  enabled          = ${index === 0}
  bootstrap_expect = ${index === 0 ? 1 : 0}
}
client {
  enabled           = true
  servers           = ["127.0.0.1:${server}"]
  cpu_total_compute = 400000
  memory_total_mb   = 1000000
  max_kill_timeout  = "24h"
  options = {
    "fingerprint.denylist" = "env_aws,env_gce,env_azure,env_digitalocean"
  }
}
plugin "raw_exec" {
  config {
    enabled = true
  }
}
`,
  )
  return { command: 'nomad', args: ['agent', `-config=${config}`], log: join(home, 'agent.log') }
}

async function hasNodes(address: string, count: number): Promise<boolean> {
  const nodes = (await (await fetch(`${address}/v1/nodes`)).json()) as { Status: string }[]
  return nodes.filter(({ Status }) => Status === 'ready').length >= count
}
