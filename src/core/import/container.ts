import type { Sourced } from '../compose/model.ts'
import type { Parts } from '../compose/parts.ts'
import type { JobContext } from './context.ts'
import { literalOf } from './pieces.ts'
import { importPlain } from './texts.ts'
import { present, type StackMap, type StackValue } from './tree.ts'

/** Keys that a stack has under another name, or that go to the docker driver as they are. */
export function importContainer(job: JobContext): { task: StackMap; config: StackMap } {
  const { plan } = job
  const { service } = plan
  const text = (source: Sourced<Parts> | undefined, to: string) => source && importLiteral(job, source, to)
  const flag = (source: Sourced<boolean> | undefined, to: string): boolean | undefined => {
    if (source) job.account.mapped(source.key, to)
    return source?.value || undefined
  }
  const number = (source: Sourced<number> | undefined, to: string): number | undefined => {
    if (source) job.account.mapped(source.key, to)
    return source?.value
  }
  const texts = (sources: readonly Sourced<Parts>[], to: string): string[] =>
    sources.flatMap((source) => text(source, to) ?? [])
  const groups = service.groupAdd.map(({ key, value }) => {
    job.account.mapped(key, 'config.group_add')
    return value
  })
  const task = present({
    user: text(service.user, 'user'),
    work_dir: text(service.workingDir, 'work_dir'),
    hostname: text(service.hostname, 'hostname'),
    read_only: flag(service.readOnly, 'read_only'),
    security_opt: texts(service.securityOpt, 'security_opt'),
    cap_add: texts(service.capAdd, 'cap_add'),
    cap_drop: texts(service.capDrop, 'cap_drop'),
    ulimits: importUlimits(job),
  })
  const config = present({
    group_add: groups,
    init: flag(service.init, 'config.init'),
    tty: flag(service.tty, 'config.tty'),
    interactive: flag(service.stdinOpen, 'config.interactive'),
    privileged: flag(service.privileged, 'config.privileged'),
    shm_size: number(service.shmSizeBytes, 'config.shm_size'),
    pids_limit: number(service.resources.pidsLimit, 'config.pids_limit'),
    pid_mode: text(service.pid, 'config.pid_mode'),
    ipc_mode: text(service.ipc, 'config.ipc_mode'),
    uts_mode: text(service.uts, 'config.uts_mode'),
    userns_mode: text(service.usernsMode, 'config.userns_mode'),
    cgroupns: text(service.cgroup, 'config.cgroupns'),
    runtime: text(service.runtime, 'config.runtime'),
    isolation: text(service.isolation, 'config.isolation'),
    oom_score_adj: number(service.oomScoreAdj, 'config.oom_score_adj'),
    extra_hosts: texts(service.extraHosts, 'config.extra_hosts'),
    sysctl: importTexts(job, service.sysctls, 'config.sysctl'),
    devices: service.devices.flatMap((device) => importDevice(job, device)),
    force_pull: importPullPolicy(job),
  })
  return { task, config }
}

/** A text where the stack takes no secrets and no addresses; undefined, and an issue, when it needs one. */
export function importLiteral(
  job: JobContext,
  { value, key, position }: Sourced<Parts>,
  to: string,
): string | undefined {
  const text = literalOf(importPlain(job, value, { key, to, position }))
  if (text !== undefined) return text
  const names = value.flatMap((part) => (typeof part === 'string' ? [] : [part.variable]))
  job.account.rejected(key, 'it holds a secret, which only variables, commands and files can')
  job.issues.push({
    severity: 'error',
    code: 'import-value-needed',
    path: ['services', job.plan.service.name, key],
    message: `${key} needs the value of ${names.join(' and ') || 'a secret'}, which can be no secret`,
    fix: `put ${names[0] ?? 'NAME'}= into a file and give it with --env-file`,
    position,
  })
  return undefined
}

/** `K: V` of labels and the like; a key without a value has an empty one. */
export function importTexts(
  job: JobContext,
  pairs: Readonly<Record<string, Sourced<Parts | null>>>,
  to: string,
): StackMap {
  const entries = Object.entries(pairs).flatMap(([name, source]): [string, string][] => {
    const text = importLiteral(job, { ...source, value: source.value ?? [] }, `${to}["${name}"]`)
    return text === undefined ? [] : [[name, text]]
  })
  return Object.fromEntries(entries)
}

function importUlimits({ account, plan }: JobContext): StackMap {
  return Object.fromEntries(
    Object.entries(plan.service.ulimits).map(([name, { value, key }]): [string, StackValue] => {
      account.mapped(key, `ulimits.${name}`)
      return [name, value.soft === value.hard ? value.soft : { soft: value.soft, hard: value.hard }]
    }),
  )
}

/** `HOST[:CONTAINER[:PERMISSIONS]]`. */
function importDevice(job: JobContext, source: Sourced<Parts>): StackMap[] {
  const text = importLiteral(job, source, 'config.devices')
  if (text === '') job.account.rejected(source.key, 'the long form: write the device into `config.devices`')
  if (text === undefined || text === '') return []
  const [host = '', container, permissions] = text.split(':')
  return [present({ host_path: host, container_path: container, cgroup_permissions: permissions })]
}

function importPullPolicy({ account, plan }: JobContext): boolean | undefined {
  const { pullPolicy } = plan.service
  if (!pullPolicy) return undefined
  const policy = pullPolicy.value.join('')
  if (policy === 'always') {
    account.mapped(pullPolicy.key, 'config.force_pull')
    return true
  }
  account.dropped(pullPolicy.key, `"${policy}": Nomad pulls an image that the node does not have, or always`)
  return undefined
}
