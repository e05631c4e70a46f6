import { compact } from '../compact.ts'
import type { DriverConfig } from '../spec/jobspec.ts'
import type { Task, Value } from '../stack/stack.ts'
import { protectConfig } from './config-text.ts'
import { type FileMount, fileMounts } from './file-mounts.ts'
import { dockerNetwork, homeNetwork } from './isolation.ts'
import { attachmentOf, planPort, sharesNetwork } from './plan-network.ts'
import type { TaskContext } from './plan-task.ts'
import type { RuntimeArguments } from './runtime-arguments.ts'

type Config = Record<string, unknown>

/** The driver's config block; keys that the stack gives under `config` win over derived ones. */
export function planConfig(context: TaskContext, task: Task, runtime: RuntimeArguments): DriverConfig {
  const texts = (values: readonly Value[] | undefined): string[] | undefined =>
    values?.map((value) => runtime.text(value))
  const derived: Record<Task['driver'], () => Config> = {
    docker: () => dockerConfig(context, task, texts),
    podman: () => podmanConfig(context, task, texts),
    exec: () =>
      compact({
        ...program(texts(task.command)),
        work_dir: task.workDir,
        cap_add: some(task.capAdd),
        cap_drop: some(task.capDrop),
      }),
    raw_exec: () => compact({ ...program(texts(task.command)), work_dir: task.workDir }),
  }
  const config = { ...derived[task.driver](), ...task.config } as DriverConfig
  return protectConfig(config, new Set([...Object.keys(task.env), ...Object.keys(runtime.variables)]))
}

type Texts = (values: readonly Value[] | undefined) => string[] | undefined

function program(command: string[] | undefined): { command?: string; args?: string[] } {
  const [first, ...args] = command ?? []
  return compact({ command: first, args: some(args) })
}

/**
 * A command that starts with a flag belongs to the image's entrypoint: all of it is arguments. So is one whose
 * first word has blanks at an end, such as a script for `sh -c`: the driver refuses that as a command.
 */
function containerCommand(command: string[] | undefined): { command?: string; args?: string[] } {
  const first = command?.[0] ?? ''
  return first.startsWith('-') || first.trim() !== first ? compact({ args: command }) : program(command)
}

function dockerConfig(context: TaskContext, task: Task, texts: Texts): Config {
  const { stack, job, role } = context
  const docker = attachmentOf(job, stack.cluster) === 'docker'
  const labels = role === 'main' ? job.labels : {}
  return compact({
    image: task.image,
    entrypoint: texts(task.entrypoint),
    ...containerCommand(texts(task.command)),
    ports: role === 'main' ? some(job.ports.flatMap((port) => planPort(stack, job, port).mapped)) : undefined,
    network_mode: docker ? dockerNetwork(stack, homeNetwork(job)) : undefined,
    network_aliases: docker && role === 'main' ? [job.name] : undefined,
    // The name belongs to the name space that the tasks share, if they do, so the network block has it.
    hostname: sharesNetwork(job, stack.cluster) ? undefined : task.hostname,
    work_dir: task.workDir,
    readonly_rootfs: task.readOnly || undefined,
    security_opt: some(task.securityOpt),
    cap_add: some(task.capAdd),
    cap_drop: some(task.capDrop),
    ulimit: someKeys(mapUlimits(task)),
    cpu_hard_limit: task.resources.cpuHardLimit || undefined,
    labels: someKeys(labels),
    mount: some([
      ...mounts(context, task),
      ...fileMounts(task.files).map(bindFile),
      ...task.tmpfs.map(tmpfsMount),
    ]),
  })
}

function mounts({ stack }: TaskContext, task: Task): Config[] {
  return task.mounts.flatMap((mount): Config[] => {
    if ('host' in mount)
      return [
        compact({
          type: 'bind',
          target: mount.to,
          source: mount.host,
          readonly: mount.readOnly || undefined,
        }),
      ]
    const volume = stack.volumes[mount.volume]
    if (volume?.type !== 'docker') return []
    const driver =
      volume.driver === undefined
        ? undefined
        : { driver_config: { name: volume.driver, options: someKeys(volume.options) } }
    return [
      compact({
        type: 'volume',
        target: mount.to,
        source: volume.source,
        readonly: mount.readOnly || undefined,
        volume_options: driver,
      }),
    ]
  })
}

/** A path inside the allocation's directory may be mounted even where host paths may not. */
function bindFile({ source, target }: FileMount): Config {
  return { type: 'bind', target, source, readonly: true }
}

function tmpfsMount(tmpfs: Task['tmpfs'][number]): Config {
  return compact({
    type: 'tmpfs',
    target: tmpfs.to,
    tmpfs_options: someKeys(compact({ size: tmpfs.sizeBytes, mode: tmpfs.mode })),
  })
}

function podmanConfig(context: TaskContext, task: Task, texts: Texts): Config {
  const { job, role, stack } = context
  const volumes = [
    ...task.mounts.flatMap((mount) => {
      const source = 'host' in mount ? mount.host : podmanVolume(stack.volumes[mount.volume])
      return source === undefined ? [] : [`${source}:${mount.to}${mount.readOnly ? ':ro' : ''}`]
    }),
    ...fileMounts(task.files).map(({ source, target }) => `${source}:${target}:ro`),
  ]
  return compact({
    image: task.image,
    entrypoint: texts(task.entrypoint),
    ...containerCommand(texts(task.command)),
    ports: role === 'main' ? some(job.ports.flatMap((port) => planPort(stack, job, port).mapped)) : undefined,
    hostname: sharesNetwork(job, stack.cluster) ? undefined : task.hostname,
    working_dir: task.workDir,
    readonly_rootfs: task.readOnly || undefined,
    security_opt: some(task.securityOpt),
    cap_add: some(task.capAdd),
    cap_drop: some(task.capDrop),
    ulimit: someKeys(mapUlimits(task)),
    cpu_hard_limit: task.resources.cpuHardLimit || undefined,
    labels: role === 'main' ? someKeys(job.labels) : undefined,
    volumes: some(volumes),
    tmpfs: some(task.tmpfs.map(podmanTmpfs)),
  })
}

function podmanVolume(volume: TaskContext['stack']['volumes'][string] | undefined): string | undefined {
  return volume?.type === 'docker' ? volume.source : undefined
}

function podmanTmpfs(tmpfs: Task['tmpfs'][number]): string {
  const options = [
    tmpfs.sizeBytes === undefined ? [] : [`size=${tmpfs.sizeBytes}`],
    tmpfs.mode === undefined ? [] : [`mode=${tmpfs.mode.toString(8)}`],
  ].flat()
  return options.length === 0 ? tmpfs.to : `${tmpfs.to}:${options.join(',')}`
}

function mapUlimits(task: Task): Record<string, string> {
  return Object.fromEntries(
    Object.entries(task.ulimits).map(([name, { soft, hard }]) => [name, `${soft}:${hard}`]),
  )
}

function some<T>(list: readonly T[]): T[] | undefined {
  return list.length > 0 ? [...list] : undefined
}

function someKeys<T extends object>(map: T): T | undefined {
  return Object.keys(map).length > 0 ? map : undefined
}
