import { closest } from '../closest.ts'
import type { DocumentPath } from '../issue.ts'
import { portLabel, publishedLabel } from '../plan/names.ts'
import { type Job, type Task, tasksOf, type Value } from '../stack/stack.ts'
import { literalText } from '../stack/value.ts'
import { shellScript } from './always-passes.ts'
import { forEachJob, type Rule } from './rule.ts'
import { valuesOf } from './view.ts'

/** Variables that Nomad sets in every task. */
const OF_TASKS = [
  ...[
    'ALLOC_DIR',
    'TASK_DIR',
    'SECRETS_DIR',
    'MEMORY_LIMIT',
    'MEMORY_MAX_LIMIT',
    'CPU_LIMIT',
    'CPU_CORES',
    'PARENT_CGROUP',
    'TOKEN',
    'UNIX_ADDR',
  ],
  ...[
    'ALLOC_ID',
    'SHORT_ALLOC_ID',
    'ALLOC_NAME',
    'ALLOC_INDEX',
    'TASK_NAME',
    'GROUP_NAME',
    'JOB_ID',
    'JOB_NAME',
    'JOB_PARENT_ID',
    'DC',
    'NAMESPACE',
    'REGION',
  ],
].map((name) => `NOMAD_${name}`)

/** Variables that Drover itself puts into the metadata of a job. */
const OWN_META = ['drover_stack', 'drover_kind']

export const runtimeVariableUnknown: Rule = {
  code: 'runtime-variable-unknown',
  severity: 'warning',
  silenceable: true,
  reason:
    'When a task starts, Nomad fills in ${NAME} in commands and labels from its variables, in `env` from those without secrets and addresses, and fails on others. Drover protects what it does not know, so the program gets the text as it is written. A script of `sh -c` is not meant: the shell fills it in.',
  fix: 'add the variable to `env`, or silence this when the text is meant',
  check: forEachJob(function* (job) {
    for (const { name, path, what } of usedVariables(job))
      if (!/^NOMAD_/.test(name)) yield { path, message: `\${${name}} stays as it is: ${what}`, job: job.name }
  }),
}

export const nomadVariableUnknown: Rule = {
  code: 'nomad-variable-unknown',
  severity: 'error',
  silenceable: true,
  reason: 'A ${NOMAD_…} that Nomad does not set in this task fails the task when it starts.',
  fix: 'see "Runtime environment" in Nomad\'s manual for what there is',
  check: forEachJob(function* (job) {
    // A patch may add ports and metadata.
    if (job.patch !== undefined) return
    const asked = [...usedVariables(job)].filter(({ name }) =>
      /^NOMAD_(?!(?:UPSTREAM|TASK|IPv[46])_)/.test(name),
    )
    const known = asked.length > 0 ? nomadVariables(job) : new Set<string>()
    for (const { name, path } of asked) {
      if (known.has(name)) continue
      const near = closest(name, [...known])
      yield {
        path,
        message: `Nomad sets no ${name} in ${job.name}`,
        ...(near === undefined ? {} : { fix: `did you mean "${near}"?` }),
        job: job.name,
      }
    }
  }),
}

interface UsedVariable {
  readonly name: string
  readonly path: DocumentPath
  /** Why it stays as it is. */
  readonly what: string
}

/** Every ${NAME} that Nomad would look up and that is no variable of the task. */
function* usedVariables(job: Job): Generator<UsedVariable> {
  for (const { text, path, known, what } of interpolated(job))
    for (const [, name = '', fallback] of text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)([:?+-][^}]*)?\}/g))
      if (fallback !== undefined) yield { name, path, what: 'only a shell knows the form ${NAME:-DEFAULT}' }
      else if (!known.has(name)) yield { name, path, what }
}

interface Interpolated {
  readonly text: string
  readonly path: DocumentPath
  readonly known: ReadonlySet<string>
  readonly what: string
}

function* interpolated(job: Job): Generator<Interpolated> {
  const asking = valuesOf(job).filter(({ value, place }) => place !== 'file' && textOf(value).includes('${'))
  const scripts = asking.length > 0 ? scriptsOf(job) : new Set()
  const nothing: ReadonlySet<string> = new Set()
  for (const { value, place, path, task } of asking) {
    const text = textOf(value)
    if (place !== 'env') {
      if (!scripts.has(text))
        yield { text, path, known: new Set(Object.keys(task.env)), what: `${task.name} has no such variable` }
    } else if (literalText(value) === undefined)
      yield { text, path, known: nothing, what: 'Nomad fills in nothing beside a secret or an address' }
    else
      yield {
        text,
        path,
        known: plainVariables(task),
        what: `no variable of ${task.name} has that name and a value without secrets and addresses`,
      }
  }
  for (const { text, path, task } of configTexts(job))
    yield { text, path, known: new Set(Object.keys(task.env)), what: `${task.name} has no such variable` }
}

/** Scripts that a shell runs. */
function scriptsOf(job: Job): Set<string | undefined> {
  const checks = job.checks.map((check) => (check.type === 'script' ? check.command : []))
  return new Set(
    [...tasksOf(job).map(programOf), ...checks].map((command) => shellScript(command.map(textOf))),
  )
}

function programOf({ entrypoint = [], command = [] }: Task): readonly Value[] {
  return [...entrypoint, ...command]
}

function textOf(value: Value): string {
  if (value.length === 1 && typeof value[0] === 'string') return value[0]
  return value.map((part) => (typeof part === 'string' ? part : '')).join('')
}

function plainVariables(task: Task): Set<string> {
  return new Set(Object.keys(task.env).filter((name) => literalText(task.env[name] ?? []) !== undefined))
}

/** Texts of the driver's config outside the command. */
function* configTexts(job: Job): Generator<{ text: string; path: DocumentPath; task: Task }> {
  for (const task of tasksOf(job)) {
    for (const key of ['image', 'hostname'] as const)
      if (task[key]?.includes('${')) yield { text: task[key], path: [...task.path, key], task }
    for (const [key, value] of Object.entries(task.config))
      yield { text: JSON.stringify(value) ?? '', path: [...task.path, 'config', key], task }
  }
  for (const [key, value] of Object.entries(job.labels))
    yield { text: value, path: [...job.path, 'labels', key], task: job.main }
}

function nomadVariables(job: Job): Set<string> {
  const labels = job.ports.flatMap((port) =>
    port.publish?.hostNetwork === undefined ? [portLabel(port)] : [portLabel(port), publishedLabel(port)],
  )
  const ofPorts = labels.flatMap((label) =>
    ['IP', 'PORT', 'ADDR', 'HOST_IP', 'HOST_PORT', 'HOST_ADDR', 'ALLOC_IP', 'ALLOC_PORT', 'ALLOC_ADDR'].map(
      (of) => `NOMAD_${of}_${label}`,
    ),
  )
  const meta = [...OWN_META, ...Object.keys(job.meta)]
    .flatMap((key) => [key, key.toUpperCase()])
    .map((key) => `NOMAD_META_${key.replace(/[^A-Za-z0-9_]/g, '_')}`)
  return new Set([...OF_TASKS, ...ofPorts, ...meta])
}
