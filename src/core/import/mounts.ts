import type { Sourced } from '../compose/model.ts'
import { joinPath } from '../compose/path.ts'
import type { ComposeMount } from '../compose/service.ts'
import { formatMode, formatSize } from '../units.ts'
import type { JobContext } from './context.ts'
import { type EmbeddedFile, embeddingOf } from './embedded.ts'
import { importFile } from './files.ts'
import { present, type StackMap } from './tree.ts'

export interface ImportedMounts {
  readonly volumes: readonly StackMap[]
  readonly files: Readonly<Record<string, StackMap>>
  readonly tmpfs: Readonly<Record<string, StackMap>>
}

/** `volumes` and `tmpfs`: named volumes, files of the project, paths of the node, and memory. */
export function importMounts(job: JobContext): ImportedMounts {
  const volumes: StackMap[] = []
  const files: Record<string, StackMap> = {}
  const tmpfs: Record<string, StackMap> = {}
  for (const mount of job.plan.service.volumes) {
    const { value, key } = mount
    tellOptions(job, mount)
    if (value.type === 'tmpfs') {
      job.account.mapped(key, `tmpfs["${value.target}"]`)
      tmpfs[value.target] = memory(value.sizeBytes, value.mode)
    } else if (value.type === 'volume') volumes.push(...namedVolume(job, mount))
    else if (value.type === 'bind') {
      const bound = bindMount(job, mount)
      if (Array.isArray(bound)) for (const file of bound) files[file.to] = importFile(job, file, key)
      else volumes.push(bound as StackMap)
    } else job.account.dropped(key, `Nomad's docker driver has no mounts of the type ${value.type}`)
  }
  for (const { value, key } of job.plan.service.tmpfs) {
    const to = `tmpfs["${value.target}"]`
    job.account.mapped(key, to)
    if (value.options.length > 0)
      job.account.approximated(
        key,
        to,
        `without ${value.options.join(', ')}: a tmpfs of Nomad has a size and a mode`,
      )
    tmpfs[value.target] = memory(value.sizeBytes, value.mode)
  }
  return { volumes, files, tmpfs }
}

function memory(sizeBytes: number | undefined, mode: number | undefined): StackMap {
  return present({
    size: sizeBytes === undefined ? undefined : formatSize(sizeBytes),
    mode: mode === undefined ? undefined : formatMode(mode & 0o7777),
  })
}

function namedVolume(job: JobContext, { value, key, comment }: Sourced<ComposeMount>): StackMap[] {
  const { account, volumeNames } = job
  if (value.source === undefined) {
    const why = `nothing is mounted at ${value.target}: a volume without a name would be empty in each allocation`
    account.dropped(key, why)
    return []
  }
  const volume = volumeNames.get(value.source) ?? value.source
  account.mapped(key, `volumes (${volume})`, comment)
  return [present({ volume, to: value.target, read_only: value.readOnly || undefined })]
}

/** The files to embed, or the mount of a path of the node. */
function bindMount(
  job: JobContext,
  { value, key }: Sourced<ComposeMount>,
): readonly EmbeddedFile[] | StackMap {
  const { account, binds, places } = job
  const { source = '', readOnly } = value
  const embedding = embeddingOf(value, binds)
  if ('files' in embedding) {
    const names = embedding.files.map(({ to }) => to)
    for (const name of names) account.mapped(key, `files["${name}"]`)
    if (!readOnly)
      account.approximated(
        key,
        'files',
        'read-only: it is part of the job, which nothing inside the container changes',
      )
    return embedding.files
  }
  const host = joinPath(places.absolute, source.replace(/^~(?=\/|$)/, '/root'))
  account.mapped(key, `volumes (${host})`)
  if (source.startsWith('~'))
    account.approximated(key, `volumes (${host})`, 'a path of the node, where a home folder is that of root')
  else if (host !== source) {
    const why = `a path of the node, which must have it: ${embedding.host}`
    account.approximated(key, `volumes (${host})`, why)
  }
  return present({ host, to: value.target, read_only: readOnly || undefined })
}

function tellOptions({ account }: JobContext, { value, key }: Sourced<ComposeMount>): void {
  const without: string[] = []
  if (value.selinux !== undefined) without.push(`the SELinux label ${value.selinux}`)
  if (value.propagation !== undefined) without.push(`the propagation ${value.propagation}`)
  if (value.nocopy) without.push('nocopy')
  if (value.subpath !== undefined) without.push(`the subpath ${value.subpath}`)
  if (without.length > 0)
    account.approximated(key, '', `without ${without.join(' and ')}, which a stack has no key for`)
}
