import { type Job, type Task, tasksOf } from '../stack/stack.ts'
import { forEachJob, type Rule } from './rule.ts'

type DriverName = Task['driver']

const IN_CONTAINERS: ReadonlySet<DriverName> = new Set(['docker', 'podman'])

export const missingImage: Rule = {
  code: 'missing-image',
  severity: 'error',
  silenceable: false,
  reason: 'A container is made from an image; Nomad finds out only when the task starts.',
  fix: 'add `image`',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job))
      if (IN_CONTAINERS.has(task.driver) && task.image === undefined && task.config.image === undefined)
        yield { path: task.path, message: `the driver ${task.driver} needs an image` }
  }),
}

export const missingCommand: Rule = {
  code: 'missing-command',
  severity: 'error',
  silenceable: false,
  reason: 'Without an image there is no program that could be the default.',
  fix: 'add `command`',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const path = task === job.main && job.worker?.celery ? [...task.path, 'celery'] : task.path
      if (!IN_CONTAINERS.has(task.driver) && task.command === undefined && task.config.command === undefined)
        yield { path, message: `the driver ${task.driver} needs a command` }
    }
  }),
}

export const fieldNotForDriver: Rule = {
  code: 'not-for-driver',
  severity: 'error',
  silenceable: false,
  reason: 'Not every driver can do everything. What a driver has no words for would be lost without a trace.',
  fix: 'remove it, or use the driver docker',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const given = fields(job, task)
      for (const field of REFUSED[task.driver])
        if (given[field])
          yield { path: [...task.path, field], message: `the driver ${task.driver} has no ${field}` }
    }
    const { main, ports, path } = job
    for (const { name, container, publish } of ports)
      if (
        main.driver === 'raw_exec' &&
        publish &&
        (publish.hostNetwork !== undefined || publish.port !== container)
      )
        yield {
          path: [...path, 'ports', name, 'publish'],
          message: `the driver raw_exec maps no ports: the program itself listens on ${container} of the node`,
          fix: 'remove `publish`',
        }
  }),
}

export const mountNotForDriver: Rule = {
  code: 'volume-not-for-driver',
  severity: 'error',
  silenceable: false,
  reason:
    'Docker volumes and paths of the node are mounted by container drivers; exec mounts volumes that Nomad manages, and raw_exec, which runs on the node itself, mounts nothing.',
  fix: 'use a volume of another type, or the driver docker',
  check: forEachJob(function* (job, settings) {
    for (const task of tasksOf(job)) {
      if (IN_CONTAINERS.has(task.driver)) continue
      for (const mount of task.mounts) {
        const what =
          'host' in mount ? 'paths of the node' : task.driver === 'raw_exec' ? 'volumes' : 'docker volumes'
        const refused =
          'host' in mount || task.driver === 'raw_exec' || settings.volumes[mount.volume]?.type === 'docker'
        if (refused) yield { path: mount.path, message: `the driver ${task.driver} mounts no ${what}` }
      }
    }
  }),
}

export const fileOutsideTask: Rule = {
  code: 'file-outside-task',
  severity: 'error',
  silenceable: false,
  reason:
    'Without a container there is nothing to mount a file into, so it lies where Nomad writes it: in the folder of the task.',
  fix: 'put it below /local, or /secrets when it holds one',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job))
      for (const { to, path } of task.files)
        if (!IN_CONTAINERS.has(task.driver) && !/^\/(?:local|secrets)\/./.test(to))
          yield { path, message: `with the driver ${task.driver} a file must lie below /local or /secrets` }
  }),
}

export const hostPathRefused: Rule = {
  code: 'host-path-refused',
  severity: 'error',
  silenceable: false,
  reason:
    'The docker plugin of Nomad refuses paths of the node unless its `volumes { enabled = true }` is set on the clients.',
  fix: 'enable it on the clients and set cluster.docker_volumes, or use a named volume',
  check: forEachJob(function* (job, settings) {
    if (settings.cluster.dockerVolumes) return
    for (const { driver, mounts } of tasksOf(job))
      for (const mount of mounts)
        if (driver === 'docker' && 'host' in mount)
          yield {
            path: [...mount.path, 'host'],
            message: `cluster.docker_volumes is not set, so ${mount.host} of the node may not be mounted`,
          }
  }),
}

const NO_CONTAINER = [
  'image',
  'entrypoint',
  'tmpfs',
  'read_only',
  'security_opt',
  'ulimits',
  'hostname',
  'labels',
] as const
type Field = (typeof NO_CONTAINER)[number] | 'cap_add' | 'cap_drop'

const REFUSED: Readonly<Record<DriverName, readonly Field[]>> = {
  docker: [],
  podman: [],
  exec: NO_CONTAINER,
  raw_exec: [...NO_CONTAINER, 'cap_add', 'cap_drop'],
}

function fields(job: Job, task: Task): Record<Field, boolean> {
  return {
    image: task.image !== undefined,
    entrypoint: task.entrypoint !== undefined,
    tmpfs: task.tmpfs.length > 0,
    read_only: task.readOnly,
    security_opt: task.securityOpt.length > 0,
    ulimits: Object.keys(task.ulimits).length > 0,
    hostname: task.hostname !== undefined,
    labels: task === job.main && Object.keys(job.labels).length > 0,
    cap_add: task.capAdd.length > 0,
    cap_drop: task.capDrop.length > 0,
  }
}
