import type { DocumentPath } from '../issue.ts'
import { type Job, type Selector, type Stack, type Task, tasksOf, type Volume } from '../stack/stack.ts'
import { forEachJob, list, type Rule } from './rule.ts'
import { perJob } from './view.ts'

/** Nomad's own folders in every container. */
const OWN_FOLDERS = ['/alloc', '/local', '/secrets']

export const mountTargetTaken: Rule = {
  code: 'mount-target-taken',
  severity: 'error',
  silenceable: false,
  reason:
    'A path in a container can be mounted once; a second time fails the task when it starts. Nomad itself mounts /alloc, /local and /secrets.',
  fix: 'mount it elsewhere',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const taken = new Map(OWN_FOLDERS.map((folder) => [folder, 'by Nomad']))
      for (const { to, what, path } of targets(task)) {
        const first = taken.get(to)
        if (first !== undefined) yield { path, message: `"${to}" is already mounted ${first}` }
        else taken.set(to, `by ${what}`)
      }
    }
  }),
}

export const volumeOnManyNodes: Rule = {
  code: 'volume-on-many-nodes',
  severity: 'warning',
  silenceable: true,
  reason:
    'A host, dynamic or docker volume is a folder of one node. Allocations on other nodes see another folder of that name, or are not placed at all.',
  fix: 'pin the jobs to one node by a constraint, use a CSI volume, or set `cluster.nodes: one`',
  *check({ stack }) {
    if (stack.cluster.nodes === 'one') return
    for (const [name, users] of volumeUsers(stack)) {
      const volume = stack.volumes[name]
      if (volume === undefined || !isLocal(volume)) continue
      const free = users.filter((job) => !job.constraints.some(pins))
      const apart = free.filter((job) => job.kind !== 'system' && most(job) > 1)
      const jobs = users.map((job) => job.name)
      if (free.length > 0 && users.length > 1)
        yield {
          path: ['volumes', name],
          message: `${list(jobs)} share this ${volume.type} volume and may run on different nodes`,
        }
      else if (apart[0])
        yield {
          path: ['volumes', name],
          message: `up to ${most(apart[0])} allocations of ${apart[0].name} share this ${volume.type} volume and may run on different nodes`,
        }
    }
  },
}

interface Target {
  readonly to: string
  readonly what: string
  readonly path: DocumentPath
}

function targets(task: Task): Target[] {
  // Files of a task without a container are not mounted, and a file below Nomad's own folders is in place already.
  const files = task.files.filter(({ to }) => !OWN_FOLDERS.some((folder) => to.startsWith(`${folder}/`)))
  return [
    ...task.mounts.map((mount) => ({
      to: mount.to,
      what: 'volume' in mount ? `the volume ${mount.volume}` : `the path ${mount.host}`,
      path: [...mount.path, 'to'],
    })),
    ...task.tmpfs.map(({ to }) => ({ to, what: 'a tmpfs', path: [...task.path, 'tmpfs', to] })),
    ...files.map(({ to, path }) => ({ to, what: 'a file', path })),
  ].map((target) => ({ ...target, to: target.to.replace(/(?<=.)\/+$/, '') }))
}

const volumesOf = perJob(
  (job) =>
    new Set(
      tasksOf(job).flatMap(({ mounts }) =>
        mounts.flatMap((mount) => ('volume' in mount ? [mount.volume] : [])),
      ),
    ),
)

function volumeUsers(stack: Stack): Map<string, Job[]> {
  const users = new Map<string, Job[]>()
  for (const job of stack.jobs) {
    for (const name of volumesOf(job)) users.set(name, [...(users.get(name) ?? []), job])
  }
  return users
}

/** A docker volume of another driver, or of a remote file system, may be the same everywhere. */
function isLocal(volume: Volume): boolean {
  if (volume.type !== 'docker') return volume.type !== 'csi'
  return (volume.driver ?? 'local') === 'local' && !/nfs|cifs/.test(volume.options.type ?? '')
}

function pins({ attribute, operator }: Selector): boolean {
  return /unique\.(?:name|id|hostname)/.test(attribute) && ['=', '==', 'is'].includes(operator)
}

function most(job: Job): number {
  return job.worker?.scale.max ?? job.count
}
