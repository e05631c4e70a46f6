import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Daemon, startDaemon } from './daemon.ts'
import { type ImageFiles, writeImageFolder } from './image-folder.ts'
import { onPath } from './on-path.ts'

export interface Docker extends Daemon {
  /** Socket of the engine: `unix:///...`. */
  readonly host: string
}

export interface Image {
  readonly files: ImageFiles
  /** Lines of a Dockerfile that describe the image: `CMD [...]`, `ENV ...`. */
  readonly changes?: readonly string[]
}

const DEFAULT_HOST = 'unix:///var/run/docker.sock'
const run = promisify(execFile)

/** Path of dockerd, or undefined when this machine has none or we may not run it (that needs root). */
export function dockerdOnPath(): string | undefined {
  return process.getuid?.() === 0 ? onPath('dockerd', ['/usr/sbin', '/sbin']) : undefined
}

/** Whether an engine answers at the default socket. */
export async function isDockerRunning(): Promise<boolean> {
  return answers(DEFAULT_HOST)
}

/** Marks the images that tests made. */
const LABEL = 'drover.test'

/** The engine that runs already, or one of our own whose images and containers are all under `folder`. */
export async function startDocker(folder: string): Promise<Docker> {
  if (await answers(DEFAULT_HOST)) return { host: DEFAULT_HOST, close: () => removeImages(DEFAULT_HOST) }
  const command = dockerdOnPath()
  if (command === undefined) throw new Error('no Docker engine runs, and none can be started')
  const home = join(folder, 'docker')
  mkdirSync(home)
  const host = `unix://${home}/docker.sock`
  const daemon = await startDaemon({
    command,
    args: [
      ...[`--host=${host}`, `--data-root=${home}/data`, `--exec-root=${home}/exec`, `--pidfile=${home}/pid`],
      ...['--log-level=warn', '--shutdown-timeout=2'],
    ],
    log: join(folder, 'dockerd.log'),
    ready: () => answers(host),
  })
  return { ...daemon, host }
}

/** Output of a docker command; throws when it fails. */
export async function docker(host: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('docker', ['--host', host, ...args])
  return stdout.trim()
}

/**
 * Makes an image of files of this machine; no registry is asked. An image of that name that is there already is
 * left as it is: the engine may be somebody's own.
 */
export async function buildImage(host: string, name: string, image: Image, folder: string): Promise<void> {
  if (await succeeds(host, 'image', 'inspect', name)) return
  const root = join(folder, 'images', name.replace(/[^a-z0-9.]+/gi, '-'))
  await writeImageFolder(root, image.files)
  const changes = [`LABEL ${LABEL}=1`, ...(image.changes ?? [])].flatMap((change) => ['--change', change])
  await run('tar', ['-C', root, '-cf', `${root}.tar`, '.'])
  await docker(host, 'import', ...changes, `${root}.tar`, name)
}

async function removeImages(host: string): Promise<void> {
  const ids = await docker(host, 'image', 'ls', '--quiet', '--filter', `label=${LABEL}`)
  if (ids !== '') await docker(host, 'image', 'rm', '--force', ...new Set(ids.split('\n')))
}

function answers(host: string): Promise<boolean> {
  return succeeds(host, 'version')
}

async function succeeds(host: string, ...args: string[]): Promise<boolean> {
  try {
    await docker(host, ...args)
    return true
  } catch {
    return false
  }
}
