import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDaemon } from './daemon.ts'
import { freePorts } from './free-port.ts'
import { type NomadAgent, nomadOnPath } from './nomad-agent.ts'
import { stopJobs } from './stop-jobs.ts'
import { unmountUnder } from './unmount-under.ts'

/**
 * A development agent with the raw_exec driver alone: no Docker, no Consul. It takes drains of hours, as an agent for
 * workers does. `folder` takes its log and its allocations.
 */
export async function startLightNomad(folder: string): Promise<NomadAgent> {
  const command = nomadOnPath()
  if (command === undefined) throw new Error('no nomad on PATH')
  const [http, rpc, serf] = await freePorts(3)
  const address = `http://127.0.0.1:${http}`
  const config = join(folder, 'nomad.hcl')
  mkdirSync(folder, { recursive: true })
  writeFileSync(config, agentConfig(`  http = ${http}\n  rpc  = ${rpc}\n  serf = ${serf}\n`))
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
      unmountUnder(folder)
    },
  }
}

function agentConfig(ports: string): string {
  return `bind_addr = "127.0.0.1"
log_level = "WARN"
ports {
${ports}}
client {
  cpu_total_compute = 400000
  memory_total_mb   = 1000000
  max_kill_timeout  = "24h"
  options = {
    "fingerprint.denylist" = "env_aws,env_gce,env_azure,env_digitalocean"
    "driver.allowlist"     = "raw_exec"
  }
}
plugin "raw_exec" {
  config {
    enabled = true
  }
}
`
}

interface NodeStub {
  readonly Status: string
  readonly Drivers: Readonly<Record<string, { readonly Healthy: boolean }>>
}

async function isReady(address: string): Promise<boolean> {
  const nodes = (await (await fetch(`${address}/v1/nodes`)).json()) as NodeStub[]
  return nodes.some(({ Status, Drivers }) => Status === 'ready' && Drivers.raw_exec?.Healthy === true)
}
