import { formatSize, parseComposeBytes } from '../units.ts'
import type { ImportContext, JobContext } from './context.ts'
import { literalOf } from './pieces.ts'
import { present, type StackMap } from './tree.ts'
import { resolveVariables } from './variables.ts'

/** Rotation that most services agree on, for `logs` at the top of the stack; undefined when none asks for any. */
export function commonLogs(contexts: readonly JobContext[]): StackMap | undefined {
  const asked = contexts.flatMap((job) => rotationOf(job) ?? [])
  const counts = new Map<string, number>()
  for (const rotation of asked) {
    const id = JSON.stringify(rotation)
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return most && (JSON.parse(most[0]) as StackMap)
}

/** `logging`: rotation of json files becomes Nomad's, any other driver goes to docker as it is. */
export function importLogging(
  job: JobContext,
  common: StackMap | undefined,
): { logs?: StackMap; config: StackMap } {
  const { account, plan } = job
  const { logging } = plan.service
  if (!logging) return { config: {} }
  const driver = driverOf(job)
  const keep = Object.entries(logging.options)
  if (isJson(driver)) {
    if (logging.driver) account.mapped(logging.driver.key, common ? '/logs' : 'logs')
    for (const [name, { key }] of keep) {
      if (name === 'max-size' || name === 'max-file') account.mapped(key, common ? '/logs' : 'logs')
      else account.dropped(key, 'Nomad keeps the logs of a task itself, in files of a size')
    }
    const own = rotationOf(job)
    const same = JSON.stringify(own) === JSON.stringify(common)
    return { ...(own && !same ? { logs: own } : {}), config: {} }
  }
  if (logging.driver) account.mapped(logging.driver.key, 'config.logging')
  account.approximated('logging', 'config.logging', 'Nomad cannot show logs that docker sends elsewhere')
  const config = keep.map(([name, { key, value }]): [string, string] => {
    account.mapped(key, `config.logging.config["${name}"]`)
    return [name, literalOf(resolveVariables(value ?? [], job.model.env, job.secrets).pieces) ?? '']
  })
  return { config: { logging: present({ driver, config: Object.fromEntries(config) }) } }
}

function rotationOf(job: JobContext): StackMap | undefined {
  const { logging } = job.plan.service
  if (!logging || !isJson(driverOf(job))) return undefined
  const option = (name: string): string | undefined => {
    const value = logging.options[name]?.value
    return value ? literalOf(resolveVariables(value, job.model.env, job.secrets).pieces) : undefined
  }
  const [files, size] = [Number(option('max-file')), option('max-size')]
  const rotation = present({
    files: Number.isInteger(files) && files > 0 ? Math.min(files, 100) : undefined,
    file_size: size === undefined ? undefined : readSize(size),
  })
  return Object.keys(rotation).length === 0 ? undefined : rotation
}

function readSize(text: string): string | undefined {
  try {
    return formatSize(Math.max(parseComposeBytes(text), 1024 ** 2))
  } catch {
    return undefined
  }
}

function driverOf(job: Pick<JobContext, 'plan'> & Pick<ImportContext, 'model' | 'secrets'>): string {
  const driver = job.plan.service.logging?.driver
  return driver
    ? (literalOf(resolveVariables(driver.value, job.model.env, job.secrets).pieces) ?? '')
    : 'json-file'
}

function isJson(driver: string): boolean {
  return driver === 'json-file' || driver === 'local'
}
