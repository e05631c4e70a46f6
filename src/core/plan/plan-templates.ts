import { compact } from '../compact.ts'
import type { TemplateSpec } from '../spec/jobspec.ts'
import type { EmbeddedFile, Task, Value } from '../stack/stack.ts'
import { isInMesh, upstreamsOf } from './connect.ts'
import type { TaskContext } from './plan-task.ts'
import { delimitersFor, envText, fileText, type Scope, STANDARD, waitFor } from './runtime.ts'

/** Runtime templates of a task: its variables that hold secrets or addresses, its files, what it waits for. */
export function planTemplates(
  context: TaskContext,
  task: Task,
  env: Readonly<Record<string, Value>>,
): TemplateSpec[] {
  const templates = task.files.map((file) => fileTemplate(context, file))
  if (Object.keys(env).length > 0) templates.unshift(envTemplate(context, env))
  if (context.role === 'main' && context.waits.length > 0) templates.push(waitTemplate(context))
  return templates
}

/** Where a file is rendered: beside the secrets when it holds one, which keeps it out of `nomad alloc fs`. */
export function fileDestination(file: EmbeddedFile): string {
  const folder = file.content.some((part) => typeof part !== 'string' && 'secret' in part)
    ? 'secrets'
    : 'local'
  // The whole path, so that two files of one name in different folders do not meet.
  return /^\/(?:local|secrets)\//.test(file.to) ? file.to.slice(1) : `${folder}${file.to}`
}

function fileTemplate(context: TaskContext, file: EmbeddedFile): TemplateSpec {
  const delimiters = delimitersFor(file.content)
  return compact({
    destination: fileDestination(file),
    data: fileText(file.content, scopeOf(context), delimiters),
    ...(delimiters === STANDARD
      ? {}
      : { left_delimiter: delimiters.left, right_delimiter: delimiters.right }),
    perms: file.mode === '0644' ? undefined : file.mode.padStart(4, '0'),
    error_on_missing_key: file.content.some((part) => typeof part !== 'string') ? true : undefined,
    ...change(file.onChange, file.signal),
  })
}

function change(
  onChange: EmbeddedFile['onChange'],
  signal: string,
): Pick<TemplateSpec, 'change_mode' | 'change_signal'> {
  if (onChange === 'signal') return { change_mode: 'signal', change_signal: signal }
  return { change_mode: onChange === 'none' ? 'noop' : 'restart' }
}

/** A change restarts a service; a worker keeps what it started with, since nothing may cut its task short. */
function envTemplate(context: TaskContext, env: Readonly<Record<string, Value>>): TemplateSpec {
  const names = Object.keys(env).sort()
  const lines = names.map((name) => `${name}=${envText(env[name] ?? [], scopeOf(context))}\n`)
  return {
    destination: 'secrets/runtime.env',
    env: true,
    data: lines.join(''),
    error_on_missing_key: true,
    change_mode: context.job.worker ? 'noop' : 'restart',
  }
}

function scopeOf({ stack, job, findJob }: TaskContext): Scope {
  return {
    stack,
    findJob,
    upstreams: isInMesh(job, stack.cluster) ? upstreamsOf(job, findJob) : [],
  }
}

function waitTemplate(context: TaskContext): TemplateSpec {
  const lines = context.waits.map(({ service, anyState }) => `${service}${waitFor(service, anyState)}\n`)
  return { destination: 'local/waited-for', data: lines.join(''), change_mode: 'noop' }
}
