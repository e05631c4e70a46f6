import { splitWords } from '../compose/words.ts'
import type { Value } from '../stack/stack.ts'
import { shellScript } from './always-passes.ts'

/** What a literal `celery … worker` command says about itself; absent options are undefined. */
export interface CeleryWords {
  readonly hostname?: string
  readonly queues?: readonly string[]
  readonly concurrency?: number
  readonly prefetchMultiplier?: number
  /** `--disable-prefetch`, or the setting of this name: a worker takes a task only when it can start it. */
  readonly prefetchDisabled: boolean
  readonly timeLimitMs?: number
  readonly softTimeLimitMs?: number
}

const OPTIONS = {
  hostname: ['--hostname', '-n'],
  queues: ['--queues', '-Q'],
  concurrency: ['--concurrency', '-c'],
  prefetch: ['--prefetch-multiplier'],
  timeLimit: ['--time-limit'],
  softTimeLimit: ['--soft-time-limit'],
} as const

/** `NAME=VALUE` after `--`; dots and capitals are as good, and a type may stand before the value. */
const DISABLES_PREFETCH = /^worker[._]disable[._]prefetch=(?:\(bool\))?(?:1|true|yes|on)$/i

/** Reads the words of a Celery worker's command, also inside `sh -c`; undefined for any other program. */
export function celeryWords(command: readonly Value[]): CeleryWords | undefined {
  // A part that is known only at run time stands for some text without options.
  const words = unwrapShell(
    command.map((value) => value.map((part) => (typeof part === 'string' ? part : '?')).join('')),
  )
  const program = words.findIndex((word) => /^(?:.*\/)?celery$/.test(word))
  const worker = words.indexOf('worker', program + 1)
  if (program === -1 || worker === -1) return undefined
  const after = words.slice(worker + 1)
  const end = after.includes('--') ? after.indexOf('--') : after.length
  const own = after.slice(0, end)
  const settings = after.slice(end + 1)
  const text = (option: keyof typeof OPTIONS): string | undefined => optionValue(own, OPTIONS[option])
  const seconds = (option: keyof typeof OPTIONS): number | undefined => {
    const value = number(text(option))
    return value === undefined || value === 0 ? undefined : value * 1000
  }
  return defined({
    hostname: text('hostname'),
    queues: text('queues')
      ?.split(',')
      .filter((queue) => queue !== ''),
    concurrency: number(text('concurrency')),
    prefetchMultiplier: number(text('prefetch')),
    prefetchDisabled:
      own.includes('--disable-prefetch') || settings.some((one) => DISABLES_PREFETCH.test(one)),
    timeLimitMs: seconds('timeLimit'),
    softTimeLimitMs: seconds('softTimeLimit'),
  })
}

function unwrapShell(words: readonly string[]): readonly string[] {
  const script = shellScript(words)
  if (script === undefined) return words
  const split = splitWords([script])
  return split.ok ? split.words.map((word) => word.join('')) : script.split(/\s+/)
}

/** `--name=VALUE`, `--name VALUE`, `-n VALUE` or `-nVALUE`; the last one counts. */
function optionValue(words: readonly string[], names: readonly string[]): string | undefined {
  let found: string | undefined
  for (const [index, word] of words.entries())
    for (const name of names) {
      if (word === name) found = words[index + 1]
      else if (word.startsWith(`${name}=`)) found = word.slice(name.length + 1)
      else if (!name.startsWith('--') && word.startsWith(name) && !word.startsWith('--'))
        found = word.slice(name.length)
    }
  return found
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined
}

function defined(words: { [K in keyof CeleryWords]: CeleryWords[K] | undefined }): CeleryWords {
  return Object.fromEntries(
    Object.entries(words).filter(([, value]) => value !== undefined),
  ) as unknown as CeleryWords
}
