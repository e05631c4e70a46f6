import type { Issue } from '../issue.ts'
import { checkConfig } from '../spec/drivers/check-config.ts'
import { type Job, type Task, tasksOf } from '../stack/stack.ts'
import { type Finding, forEachJob, type Rule } from './rule.ts'

export const unknownConfigKey: Rule = {
  code: 'unknown-key',
  severity: 'error',
  silenceable: false,
  reason:
    "Nomad itself looks at a driver's config only when the task starts, and then fails the task. Drover knows every key of each driver. The same code is given for keys of the stack file that do not exist.",
  fix: 'remove the key',
  check: forEachJob((job) => configFindings(job, (code) => code === 'unknown-key')),
}

export const wrongConfigValue: Rule = {
  code: 'wrong-type',
  severity: 'error',
  silenceable: false,
  reason: "A value of the wrong kind in a driver's config fails the task when it starts.",
  fix: 'write a value of the right kind',
  check: forEachJob((job) => configFindings(job, (code) => code !== 'unknown-key')),
}

export const configOverridesField: Rule = {
  code: 'config-overrides-field',
  severity: 'warning',
  silenceable: true,
  reason:
    'Keys under `config` replace what Drover derives from the stack, all of it: a `mount` there drops the volumes, files and tmpfs of the task, and a `network_mode` its networks.',
  fix: 'use the field of the stack',
  check: forEachJob(function* (job) {
    for (const task of tasksOf(job)) {
      const fields = FIELDS[task.driver]
      for (const key of Object.keys(task.config)) {
        const field = fields[key]
        if (field !== undefined)
          yield {
            path: [...task.path, 'config', key],
            message: `\`${key}\` replaces what Drover derives from ${field}`,
          }
      }
    }
  }),
}

function* configFindings(job: Job, wanted: (code: string) => boolean): Generator<Finding> {
  for (const task of tasksOf(job)) {
    if (Object.keys(task.config).length === 0) continue
    const path = [...task.path, 'config']
    // What the config does not say comes from the fields of the stack.
    for (const issue of checkConfig(task.driver, task.config, path))
      if (!(issue.code === 'missing-key' && issue.path.length === path.length + 1) && wanted(issue.code))
        yield toFinding(issue)
  }
}

function toFinding({ path, message, fix }: Issue): Finding {
  return fix === undefined ? { path, message } : { path, message, fix }
}

const PROGRAM = { command: '`command`', args: '`command`' }
const CONTAINER = {
  ...PROGRAM,
  image: '`image`',
  entrypoint: '`entrypoint`',
  ports: '`ports`',
  network_mode: '`networks`',
  hostname: '`hostname`',
  readonly_rootfs: '`read_only`',
  security_opt: '`security_opt`',
  cap_add: '`cap_add`',
  cap_drop: '`cap_drop`',
  ulimit: '`ulimits`',
  labels: '`labels`',
  cpu_hard_limit: '`resources.cpu_hard_limit`',
}

/** Keys of each driver's config that the stack has a field for. */
const FIELDS: Readonly<Record<Task['driver'], Readonly<Record<string, string | undefined>>>> = {
  docker: {
    ...CONTAINER,
    network_aliases: '`networks`',
    work_dir: '`work_dir`',
    mount: '`volumes`, `files` and `tmpfs`',
    mounts: '`volumes`, `files` and `tmpfs`',
    memory_hard_limit: '`resources.memory`',
  },
  podman: {
    ...CONTAINER,
    working_dir: '`work_dir`',
    volumes: '`volumes` and `files`',
    tmpfs: '`tmpfs`',
    memory_reservation: '`resources.memory_reservation`',
  },
  exec: { ...PROGRAM, work_dir: '`work_dir`', cap_add: '`cap_add`', cap_drop: '`cap_drop`' },
  raw_exec: { ...PROGRAM, work_dir: '`work_dir`' },
}
