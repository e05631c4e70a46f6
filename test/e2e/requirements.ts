import { existsSync } from 'node:fs'
import { dockerdOnPath, isDockerRunning } from '../helpers/docker.ts'
import { nomadOnPath } from '../helpers/nomad-agent.ts'
import { onPath } from '../helpers/on-path.ts'

/** Why the end-to-end tests cannot run here, in a few words; undefined when they can. */
export async function whatIsMissing(): Promise<string | undefined> {
  if (nomadOnPath() === undefined) return 'no nomad on PATH'
  if (onPath('docker') === undefined) return 'no docker on PATH (Debian: docker.io)'
  if (dockerdOnPath() === undefined && !(await isDockerRunning()))
    return 'no Docker engine, nor dockerd and root'
  if (onPath('go') === undefined) return 'no go on PATH (it builds Consul)'
  const files = [
    ['/bin/busybox', 'busybox-static'],
    ['/usr/bin/redis-server', 'redis-server'],
    ['/usr/lib/cni/bridge', 'containernetworking-plugins'],
  ] as const
  const absent = files.find(([file]) => !existsSync(file))
  return absent && `no ${absent[0]} (Debian: ${absent[1]})`
}
