import { docker } from '../helpers/docker.ts'
import type { Cluster } from './cluster.ts'
import { type ApiJob, type ApiTask, callNomad, runNomad } from './nomad-api.ts'

/** Creates the dynamic host volumes of these specifications; those that are there already are left alone. */
export async function createVolumes({ nomad }: Cluster, specifications: readonly string[]): Promise<void> {
  const existing = await callNomad<{ Name: string }[]>(nomad, 'volumes?type=host')
  for (const specification of specifications) {
    const name = /^name\s*=\s*"([^"]+)"/m.exec(specification)?.[1]
    if (existing.some(({ Name }) => Name === name)) continue
    const { code, output } = await runNomad(nomad, ['volume', 'create', '-detach', '-'], specification)
    if (code !== 0) throw new Error(`volume ${name}: ${output}`)
  }
}

/** Creates the docker networks that the job's tasks join by name. */
export async function createNetworks(cluster: Cluster, job: ApiJob): Promise<void> {
  const builtIn = /^(bridge|host|none|default|container:.*)$/
  for (const { Config } of tasksOf(job)) {
    const name = Config?.network_mode
    if (typeof name !== 'string' || builtIn.test(name)) continue
    const existing = await docker(cluster.docker, 'network', 'ls', '--format', '{{.Name}}')
    if (!existing.split('\n').includes(name)) await docker(cluster.docker, 'network', 'create', name)
  }
}

/** The job with docker volumes of its own: the engine may hold somebody's data under the names in the stack. */
export function renameDockerVolumes<T>(job: T, prefix: string): T {
  const text = JSON.stringify(job, (_, value) =>
    value?.type === 'volume' && typeof value.source === 'string'
      ? { ...value, source: `${prefix}-${value.source}` }
      : value,
  )
  return JSON.parse(text) as T
}

/** Removes the docker volumes that renameDockerVolumes named. */
export async function removeDockerVolumes(cluster: Cluster, prefix: string): Promise<void> {
  const names = await docker(cluster.docker, 'volume', 'ls', '--quiet', '--filter', `name=${prefix}-`)
  if (names !== '') await docker(cluster.docker, 'volume', 'rm', ...names.split('\n'))
}

export interface Secret {
  readonly path: string
  readonly key: string
}

/** Nomad variables that the job's templates read, found in their text. */
export function findSecrets(job: ApiJob): Secret[] {
  const texts = tasksOf(job).flatMap(({ Templates }) =>
    (Templates ?? []).map(({ EmbeddedTmpl }) => EmbeddedTmpl),
  )
  const found = texts.flatMap((text) => [
    ...(text ?? '').matchAll(/nomadVar "(?<path>[^"]+)"\s*\S+\s*\.(?<key>\w+)/g),
  ])
  return found.map(({ groups }) => ({ path: groups?.path ?? '', key: groups?.key ?? '' }))
}

/** Writes Nomad variables, every key with the same value. */
export async function putSecrets(
  { nomad }: Cluster,
  secrets: readonly Secret[],
  value: string,
): Promise<void> {
  for (const path of new Set(secrets.map((secret) => secret.path))) {
    const keys = secrets.filter((secret) => secret.path === path).map(({ key }) => key)
    const Items = Object.fromEntries(keys.map((key) => [key, value]))
    await callNomad(nomad, `var/${path}`, { Path: path, Items })
  }
}

export function tasksOf(job: ApiJob): ApiTask[] {
  return job.TaskGroups.flatMap(({ Tasks }) => Tasks)
}
