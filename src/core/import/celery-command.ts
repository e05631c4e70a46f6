/** A `celery worker` command taken apart. */
export interface CeleryCommand {
  readonly app: string
  readonly queues?: readonly string[]
  readonly concurrency?: number
  readonly logLevel?: string
  readonly prefetchMultiplier?: number
  readonly maxTasksPerChild?: number
  readonly timeLimitSeconds?: number
  readonly softTimeLimitSeconds?: number
  readonly hostname?: string
  /** Options that Drover sets by itself. */
  readonly implied: readonly string[]
  /** All other options, in their order. */
  readonly others: readonly string[]
}

/** Option of `celery worker` to what it is here. */
const OPTIONS: Readonly<Record<string, keyof Values>> = {
  '-Q': 'queues',
  '--queues': 'queues',
  '-c': 'concurrency',
  '--concurrency': 'concurrency',
  '-l': 'logLevel',
  '--loglevel': 'logLevel',
  '--prefetch-multiplier': 'prefetchMultiplier',
  '--max-tasks-per-child': 'maxTasksPerChild',
  '--time-limit': 'timeLimitSeconds',
  '--soft-time-limit': 'softTimeLimitSeconds',
  '-n': 'hostname',
  '--hostname': 'hostname',
}

interface Values {
  queues?: string
  concurrency?: string
  logLevel?: string
  prefetchMultiplier?: string
  maxTasksPerChild?: string
  timeLimitSeconds?: string
  softTimeLimitSeconds?: string
  hostname?: string
}

/**
 * Reads `celery -A APP worker ...`. Undefined for another program, and for a worker that Drover could not
 * write the command of: with global options but the application, or in a script that does more.
 */
export function readCeleryCommand(words: readonly string[]): CeleryCommand | undefined {
  const at = words.indexOf('worker')
  if (!/(?:^|\/)celery$/.test(words[0] ?? '') || at < 0) return undefined
  const app = readApp(words.slice(1, at))
  if (app === undefined) return undefined
  const values: Values = {}
  const implied: string[] = []
  const others: string[] = []
  const rest = words.slice(at + 1)
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? ''
    const [, long, inline] = /^(--[a-z-]+)=([\s\S]*)$/.exec(word) ?? []
    const [, short, glued] = /^(-[Qcln])(.+)$/.exec(word) ?? []
    const option = OPTIONS[long ?? short ?? word]
    if (word === '--without-gossip' || word === '--without-mingle') implied.push(word)
    else if (option === undefined) others.push(word)
    else values[option] = inline ?? glued ?? rest[++index] ?? ''
  }
  return understood(app, values, implied, others)
}

/** Queues and concurrency of a worker whose command is kept, as far as its text tells. */
export function scanWorkerScript(script: string): Pick<CeleryCommand, 'queues' | 'concurrency'> {
  const own = /\bcelery\b[^|;&\n]*\bworker\b([^|;&\n]*)/.exec(script)?.[1] ?? ''
  const queues = /(?:^|\s)(?:-Q\s*|--queues[= ])["']?([\w.,:-]+)/.exec(own)?.[1]?.split(',').filter(Boolean)
  const concurrency = /(?:^|\s)(?:-c\s*|--concurrency[= ])(\d+)\b/.exec(own)?.[1]
  return {
    ...(queues ? { queues } : {}),
    ...(concurrency === undefined || concurrency === '0' ? {} : { concurrency: Number(concurrency) }),
  }
}

/** Whether a script starts a Celery worker, whatever else it does. */
export function isWorkerScript(script: string): boolean {
  return /\bcelery\b[^|;&\n]*\bworker\b/.test(script)
}

function readApp(words: readonly string[]): string | undefined {
  const text = words.join(' ')
  return /^(?:-A\s*|--app[= ])(\S+)$/.exec(text)?.[1]
}

/** What the stack has no key for stays an option as it is. */
function understood(app: string, values: Values, implied: string[], others: string[]): CeleryCommand {
  const back = (option: string, key: keyof Values): undefined => {
    if (values[key] !== undefined) others.push(`${option}=${values[key]}`)
    return undefined
  }
  const number = (option: string, key: keyof Values, least: number, whole: boolean): number | undefined => {
    const value = Number(values[key])
    const fits =
      values[key] !== undefined && values[key] !== '' && value >= least && (!whole || Number.isInteger(value))
    return fits ? value : back(option, key)
  }
  const level = values.logLevel?.toUpperCase()
  const known = level !== undefined && ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'].includes(level)
  const read = {
    queues: values.queues?.split(',').filter((queue) => queue !== ''),
    concurrency: number('--concurrency', 'concurrency', 1, true),
    logLevel: known ? level : back('--loglevel', 'logLevel'),
    prefetchMultiplier: number('--prefetch-multiplier', 'prefetchMultiplier', 1, true),
    maxTasksPerChild: number('--max-tasks-per-child', 'maxTasksPerChild', 1, true),
    timeLimitSeconds: number('--time-limit', 'timeLimitSeconds', 0.001, false),
    softTimeLimitSeconds: number('--soft-time-limit', 'softTimeLimitSeconds', 0.001, false),
    hostname: values.hostname,
  }
  const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined))
  return { app, ...(given as Omit<CeleryCommand, 'app' | 'implied' | 'others'>), implied, others }
}
