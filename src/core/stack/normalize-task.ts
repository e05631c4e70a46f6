import { compact } from '../compact.ts'
import type { DocumentPath, Issue } from '../issue.ts'
import { LEAST_MEMORY_MB, parseMode, parseSizeBytes, sizeToMb, toNomadDuration } from '../units.ts'
import type { z } from '../zod.ts'
import type { WrittenStack } from './schema/stack.ts'
import type {
  extraTaskSchema,
  fileSchema,
  logsSchema,
  mountSchema,
  resourcesSchema,
  restartSchema,
} from './schema/task.ts'
import type { WrittenCommand } from './schema/values.ts'
import type { EmbeddedFile, Mount, Resources, Restart, Task, Value } from './stack.ts'
import { substitute, toCommand, toValue } from './value.ts'

type WrittenTask = z.infer<typeof extraTaskSchema>

/** What tasks need to know of the rest while they are normalized. */
export interface NormalizeContext {
  readonly written: WrittenStack
  /** Text of each file named by a `source:`; a missing one is reported here. */
  readonly sources: ReadonlyMap<string, string>
  readonly issues: Issue[]
}

/** Kind-dependent defaults of a task. */
export interface TaskDefaults {
  readonly restart: Restart
  readonly onChange: EmbeddedFile['onChange']
  readonly killTimeout: string
}

/** Fills in the defaults of one task; problems found on the way go to the context. */
export function normalizeTask(
  context: NormalizeContext,
  name: string,
  task: WrittenTask,
  path: DocumentPath,
  defaults: TaskDefaults,
): Task {
  const { issues } = context
  return compact({
    name,
    path,
    driver: task.driver ?? 'docker',
    image: task.image,
    entrypoint: normalizeCommand(task.entrypoint, [...path, 'entrypoint'], issues),
    command: normalizeCommand(task.command, [...path, 'command'], issues),
    user: task.user,
    workDir: task.work_dir,
    hostname: task.hostname,
    ...normalizeEnv(context, task, path),
    files: Object.entries(task.files ?? {}).map(([to, file]) =>
      normalizeFile(context, to, file, [...path, 'files', to], defaults),
    ),
    mounts: (task.volumes ?? []).map((mount, index) => normalizeMount(mount, [...path, 'volumes', index])),
    tmpfs: Object.entries(task.tmpfs ?? {}).map(([to, { size, mode }]) =>
      compact({
        to,
        sizeBytes: size === undefined ? undefined : parseSizeBytes(size),
        mode: mode === undefined ? undefined : parseMode(mode),
      }),
    ),
    readOnly: task.read_only ?? false,
    securityOpt: task.security_opt ?? [],
    capAdd: task.cap_add ?? [],
    capDrop: task.cap_drop ?? [],
    ulimits: Object.fromEntries(
      Object.entries(task.ulimits ?? {}).map(([key, limit]) => [
        key,
        typeof limit === 'number' ? { soft: limit, hard: limit } : limit,
      ]),
    ),
    resources: normalizeResources(task.resources ?? {}),
    logs: normalizeLogs(task.logs ?? context.written.logs ?? {}),
    killTimeout: task.kill_timeout === undefined ? defaults.killTimeout : toNomadDuration(task.kill_timeout),
    killSignal: task.kill_signal,
    restart: task.restart === undefined ? defaults.restart : normalizeRestart(task.restart),
    config: task.config ?? {},
  })
}

/** A command's arguments; one whose quotes do not match is reported, and empty from then on. */
export function normalizeCommand(
  command: WrittenCommand | undefined,
  path: DocumentPath,
  issues: Issue[],
): Value[] | undefined {
  if (command === undefined) return undefined
  const words = toCommand(command)
  if (words) return words
  issues.push({
    severity: 'error',
    code: 'unclosed-quote',
    path,
    message: 'the command has a quote or a backslash that nothing ends',
    fix: 'close it, or write the command as a list',
  })
  return []
}

function normalizeEnv(
  context: NormalizeContext,
  task: WrittenTask,
  path: DocumentPath,
): Pick<Task, 'env' | 'envPaths'> {
  const blocks = context.written.environments ?? {}
  const env: Record<string, Value> = {}
  const envPaths: Record<string, DocumentPath> = {}
  const add = (block: NonNullable<WrittenTask['env']>, from: DocumentPath): void => {
    for (const [key, value] of Object.entries(block)) {
      env[key] = toValue(value)
      envPaths[key] = [...from, key]
    }
  }
  for (const [index, name] of (task.env_from ?? []).entries()) {
    const block = blocks[name]
    if (block) add(block, ['environments', name])
    else
      context.issues.push({
        severity: 'error',
        code: 'unknown-environment',
        path: [...path, 'env_from', index],
        message: `no environment "${name}" in environments`,
        fix: known('it has', Object.keys(blocks)),
      })
  }
  add(task.env ?? {}, [...path, 'env'])
  return { env: Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))), envPaths }
}

function normalizeFile(
  context: NormalizeContext,
  to: string,
  file: z.infer<typeof fileSchema>,
  path: DocumentPath,
  defaults: TaskDefaults,
): EmbeddedFile {
  const report = (code: string, at: DocumentPath, message: string, fix: string): void => {
    context.issues.push({ severity: 'error', code, path: at, message, fix })
  }
  if ((file.content === undefined) === (file.source === undefined))
    report('file-content', path, 'needs either content or source', 'give exactly one of the two')
  const text = file.content ?? (file.source === undefined ? '' : (context.sources.get(file.source) ?? ''))
  const values = file.values ?? {}
  for (const name of Object.keys(values))
    if (!text.includes(`@${name}@`))
      report(
        'unused-file-value',
        [...path, 'values', name],
        `the text has no @${name}@`,
        'remove the value, or mark its place in the text',
      )
  return {
    to,
    content: substitute(text, values),
    mode: file.mode ?? '0644',
    onChange: file.on_change ?? defaults.onChange,
    signal: file.signal ?? 'SIGHUP',
    path,
  }
}

function normalizeMount(mount: z.infer<typeof mountSchema>, path: DocumentPath): Mount {
  const readOnly = mount.read_only ?? false
  if ('volume' in mount) return { volume: mount.volume, to: mount.to, readOnly, path }
  return { host: mount.host, to: mount.to, readOnly, path }
}

/** Nomad's own default memory is 300 MB; its default cpu of 100 MHz is a small part of a core. */
function normalizeResources(written: z.infer<typeof resourcesSchema>): Resources {
  const cpu = written.cpu ?? (written.cores === undefined ? 0.1 : 0)
  const memoryMb = written.memory === undefined ? 300 : memoryToMb(written.memory)
  return compact({
    cpu,
    cpuReserved: written.cpu_reservation ?? cpu,
    cpuHardLimit: written.cpu_hard_limit ?? false,
    cores: written.cores,
    memoryMb,
    memoryReservedMb:
      written.memory_reservation === undefined ? memoryMb : memoryToMb(written.memory_reservation),
  })
}

/** Throws RangeError below LEAST_MEMORY_MB. */
function memoryToMb(written: string): number {
  const mb = sizeToMb(written)
  if (mb < LEAST_MEMORY_MB) throw new RangeError(`"${written}" must be at least ${LEAST_MEMORY_MB}MB`)
  return mb
}

function normalizeLogs(written: z.infer<typeof logsSchema>): Task['logs'] {
  return {
    files: written.files ?? 3,
    fileSizeMb: written.file_size === undefined ? 10 : Math.max(1, sizeToMb(written.file_size)),
  }
}

export function normalizeRestart(written: z.infer<typeof restartSchema>): Restart {
  if (typeof written === 'string') return written
  return { ...written, interval: toNomadDuration(written.interval), delay: toNomadDuration(written.delay) }
}

/** A list of what exists, for a fix. */
export function known(lead: string, names: readonly string[]): string {
  return names.length === 0 ? 'there are none' : `${lead}: ${names.join(', ')}`
}
