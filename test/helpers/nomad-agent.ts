import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, startDaemon } from './daemon.ts'
import { freePorts } from './free-port.ts'
import { onPath } from './on-path.ts'
import { stopJobs } from './stop-jobs.ts'

export interface NomadAgent extends Daemon {
  /** Base URL of its HTTP API. */
  readonly address: string
}

export interface NomadOptions {
  /** Takes its log, allocations and dynamic host volumes. */
  readonly folder: string
  /** Address of Consul's HTTP API. */
  readonly consul: string
  /** Socket of the Docker engine: `unix:///...`. */
  readonly docker: string
  /** Image of a program that sleeps; holds the network of allocations in bridge mode. */
  readonly pauseImage: string
}

/** Path of the `nomad` program, or undefined: then what needs it is skipped. */
export function nomadOnPath(): string | undefined {
  return onPath('nomad')
}

/**
 * A development agent, server and client in one, on free ports of 127.0.0.1 with the drivers docker and raw_exec.
 * It claims to be a large machine (400 GHz, 1 TB), so that a whole platform can be planned on a small one.
 */
export async function startNomad(options: NomadOptions): Promise<NomadAgent> {
  const { folder } = options
  const command = nomadOnPath()
  if (command === undefined) throw new Error('no nomad on PATH')
  const [http, rpc, serf] = await freePorts(3)
  const address = `http://127.0.0.1:${http}`
  const config = join(folder, 'nomad.hcl')
  mkdirSync(join(folder, 'volumes'), { recursive: true })
  writeFileSync(config, agentConfig(options, `  http = ${http}\n  rpc  = ${rpc}\n  serf = ${serf}\n`))
  const daemon = await startDaemon({
    command,
    args: ['agent', '-dev', `-config=${config}`],
    // A development agent makes its data folder under TMPDIR.
    env: { TMPDIR: folder },
    log: join(folder, 'nomad.log'),
    ready: () => isReady(address),
  })
  return {
    address,
    async close() {
      await stopJobs(address).catch(() => {})
      await daemon.close()
    },
  }
}

function agentConfig({ folder, consul, docker, pauseImage }: NomadOptions, ports: string): string {
  return `bind_addr = "127.0.0.1"
log_level = "WARN"
ports {
${ports}}
consul {
  address = "${consul}"
}
server {
  default_scheduler_config {
    memory_oversubscription_enabled = true
  }
}
client {
  cpu_total_compute = 400000
  memory_total_mb   = 1000000
  max_kill_timeout  = "24h"
  cni_path          = "/usr/lib/cni:/opt/cni/bin"
  host_volumes_dir  = "${folder}/volumes"
  options = {
    "fingerprint.denylist" = "env_aws,env_gce,env_azure,env_digitalocean"
  }
  host_network "loopback" {
    cidr = "127.0.0.0/8"
  }
}
plugin "raw_exec" {
  config {
    enabled = true
  }
}
plugin "docker" {
  config {
    endpoint    = "${docker}"
    infra_image = "${pauseImage}"
    volumes {
      enabled = true
    }
    gc {
      # An image that was built here could not be pulled again.
      image = false
      # Another agent's containers are none of this one's business.
      dangling_containers {
        enabled = false
      }
    }
  }
}
`
}

interface NodeStub {
  readonly ID: string
  readonly Status: string
  readonly Drivers: Readonly<Record<string, { readonly Healthy: boolean }>>
}

/** Whether its one node takes docker tasks and knows of Consul: a job with a service is placed only then. */
async function isReady(address: string): Promise<boolean> {
  const nodes = (await (await fetch(`${address}/v1/nodes`)).json()) as NodeStub[]
  const node = nodes.find(({ Status, Drivers }) => Status === 'ready' && Drivers.docker?.Healthy)
  if (!node) return false
  const { Attributes } = (await (await fetch(`${address}/v1/node/${node.ID}`)).json()) as {
    Attributes: Record<string, string>
  }
  return Attributes['consul.version'] !== undefined
}
