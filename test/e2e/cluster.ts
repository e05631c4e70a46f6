import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startConsul } from '../helpers/consul-agent.ts'
import type { Daemon } from '../helpers/daemon.ts'
import { buildImage, startDocker } from '../helpers/docker.ts'
import { startNomad } from '../helpers/nomad-agent.ts'
import { unmountUnder } from '../helpers/unmount-under.ts'
import { pauseImage } from './images.ts'

/** Where a running cluster of one Nomad agent, one Consul agent and one Docker engine is. */
export interface Cluster {
  /** Base URL of Nomad's HTTP API. */
  readonly nomad: string
  /** Base URL of Consul's HTTP API. */
  readonly consul: string
  /** Socket of the Docker engine. */
  readonly docker: string
  /** Folder for what tests write; goes away with the cluster. */
  readonly folder: string
}

export interface RunningCluster extends Cluster {
  close(): Promise<void>
}

const PAUSE_IMAGE = 'drover.test/pause:1'

/** Starts all three on free ports under a fresh folder; what cannot start takes the others down with it. */
export async function startCluster(): Promise<RunningCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'))
  const started: Daemon[] = []
  const keep = <T extends Daemon>(daemon: T): T => {
    started.unshift(daemon)
    return daemon
  }
  const close = async (): Promise<void> => {
    for (const daemon of started) await daemon.close()
    unmountUnder(folder)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const docker = keep(await startDocker(folder))
    const consul = keep(await startConsul(folder))
    await buildImage(docker.host, PAUSE_IMAGE, pauseImage, folder)
    const nomad = keep(
      await startNomad({
        folder,
        consul: consul.address,
        docker: docker.host,
        pauseImage: PAUSE_IMAGE,
      }),
    )
    return {
      nomad: nomad.address,
      consul: `http://${consul.address}`,
      docker: docker.host,
      folder,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
