import type { DocumentPath } from '../issue.ts'
import type { Job, WorkerFacts } from '../stack/stack.ts'
import { toNomadDuration } from '../units.ts'
import { type CeleryWords, celeryWords } from './celery-words.ts'
import { type Finding, forEachJob, list, type Rule } from './rule.ts'
import { perJob } from './view.ts'

/** Celery's own default. */
const DEFAULT_PREFETCH = 4

export const visibilityTimeout: Rule = {
  code: 'visibility-timeout',
  severity: 'warning',
  silenceable: true,
  reason:
    'Celery on Redis delivers a task again when it is not acknowledged within the visibility timeout (1h unless set). A task that runs as long, and is acknowledged when it is done, then runs twice. The shortest timeout of all programs on the broker counts.',
  fix: 'set broker.visibility_timeout, and visibility_timeout in the broker_transport_options of the application, above the longest task',
  *check(view) {
    const { broker } = view.stack
    if (broker?.software !== 'celery') return
    const long = view.stack.jobs
      .flatMap((job) => workerOf(job) ?? [])
      .map(({ job, worker, words }) => ({
        name: job.name,
        ms: Math.max(0, worker.longestTaskMs ?? 0, worker.celery?.timeLimitMs ?? 0, words?.timeLimitMs ?? 0),
      }))
      .filter(({ ms }) => ms >= broker.visibilityTimeoutMs)
    if (long.length > 0)
      yield {
        path: ['broker', 'visibility_timeout'],
        message: `tasks are delivered again after ${toNomadDuration(broker.visibilityTimeoutMs)}, but may run as long: ${list(long.map(({ name, ms }) => `${name} ${toNomadDuration(ms)}`))}`,
      }
  },
}

export const timeLimitsDisagree: Rule = {
  code: 'time-limits-disagree',
  severity: 'warning',
  silenceable: true,
  reason:
    'Celery asks a task to stop at the soft limit and kills it at the hard one; `longest_task` is what Drover counts on. One of two that disagree is never reached.',
  fix: 'keep the soft limit below the hard one, and longest_task equal to the hard one',
  check: forEachWorker(function* ({ job, worker, words }) {
    const hard = words ? words.timeLimitMs : worker.celery?.timeLimitMs
    const soft = words ? words.softTimeLimitMs : worker.celery?.softTimeLimitMs
    const path = [...job.path, ...(worker.celery ? ['celery', 'time_limit'] : ['command'])]
    if (hard !== undefined && soft !== undefined && soft >= hard)
      yield {
        path,
        message: `the soft limit of ${toNomadDuration(soft)} is not below the hard limit of ${toNomadDuration(hard)}`,
      }
    const longest = worker.longestTaskMs
    // Celery counts in whole seconds.
    if (hard !== undefined && longest !== undefined && Math.ceil(longest / 1000) !== Math.ceil(hard / 1000))
      yield {
        path,
        message: `the hard limit is ${toNomadDuration(hard)}, longest_task ${toNomadDuration(longest)}`,
      }
    const unused = worker.celery?.timeLimitMs
    if (words && hard === undefined && unused !== undefined)
      yield {
        path,
        message: `the command has no --time-limit, so celery.time_limit of ${toNomadDuration(unused)} is not used`,
      }
  }),
}

export const prefetchHidesBacklog: Rule = {
  code: 'prefetch-hides-backlog',
  severity: 'warning',
  silenceable: true,
  reason:
    'A Celery worker reserves several tasks for each of its slots (4 unless told otherwise). They are gone from the queue though nobody works on them: the backlog looks short, no worker is added, and they wait behind long ones.',
  fix: 'use --prefetch-multiplier=1, or --disable-prefetch with Celery 5.6 or newer',
  check: forEachWorker(function* ({ job, worker, words }) {
    if (words?.prefetchDisabled || (!words && !worker.celery)) return
    const multiplier = words
      ? (words.prefetchMultiplier ?? DEFAULT_PREFETCH)
      : (worker.celery?.prefetchMultiplier ?? 1)
    if (multiplier === 1) return
    const path = [...job.path, ...(worker.celery ? ['celery', 'prefetch_multiplier'] : ['command'])]
    const given = words?.prefetchMultiplier === undefined && words ? "Celery's default" : 'the multiplier'
    yield {
      path,
      message: `each slot reserves ${multiplier === 0 ? 'any number of' : multiplier} tasks (${given} is ${multiplier})`,
    }
  }),
}

export const acksEarly: Rule = {
  code: 'acks-early',
  severity: 'warning',
  silenceable: true,
  reason:
    'A task that is acknowledged before it runs is gone when its worker is killed, when its node fails or is out of memory. Acknowledged when it is done, it is delivered again after the visibility timeout.',
  fix: 'leave acks_late at true, and let tasks bear to be run again',
  *check({ stack }) {
    for (const { worker, path, name } of stack.jobs)
      if (worker?.celery?.acksLate === false)
        yield {
          path: [...path, 'celery', 'acks_late'],
          message: `tasks of ${name} are lost when it is killed`,
        }
  },
}

export const workerNotIdentified: Rule = {
  code: 'worker-not-identified',
  severity: 'warning',
  silenceable: true,
  reason:
    'Drover finds out which allocation is busy by the names of the Celery nodes. A name without the allocation could be any of them, so none is sent away when the work is done.',
  fix: 'use `--hostname=NAME@${NOMAD_ALLOC_ID}`, or `celery:` instead of the command',
  check: forEachWorker(function* ({ job, words }) {
    if (!words || /\$\{?NOMAD_(?:SHORT_)?ALLOC_ID\b/.test(words.hostname ?? '')) return
    const name = words.hostname === undefined ? 'has no --hostname' : `is named "${words.hostname}"`
    yield {
      path: commandPath(job),
      message: `the Celery node ${name}, which does not say in which allocation it runs`,
    }
  }),
}

export const workerCommandDisagrees: Rule = {
  code: 'worker-command-disagrees',
  severity: 'warning',
  silenceable: true,
  reason:
    'Drover counts the tasks in `queues` and divides them by `concurrency`. A command that takes from other queues, or runs more at once, is scaled by the wrong numbers.',
  fix: 'make both say the same, or use `celery:` instead of the command',
  check: forEachWorker(function* ({ job, worker, words }) {
    if (!words) return
    const { queues, concurrency } = words
    const sorted = (names: readonly string[]): string => [...names].sort().join(', ')
    if (queues !== undefined && sorted(queues) !== sorted(worker.queues))
      yield {
        path: commandPath(job),
        message: `the command takes from ${sorted(queues)}, \`queues\` has ${sorted(worker.queues)}`,
      }
    if (concurrency !== undefined && concurrency !== worker.concurrency)
      yield {
        path: commandPath(job),
        message: `the command runs ${concurrency} at once, \`concurrency\` is ${worker.concurrency}`,
      }
  }),
}

interface Worker {
  readonly job: Job
  readonly worker: WorkerFacts
  readonly words: CeleryWords | undefined
}

const workerOf = perJob((job): Worker | undefined => {
  const { worker, main } = job
  return worker && { job, worker, words: celeryWords([...(main.entrypoint ?? []), ...(main.command ?? [])]) }
})

function forEachWorker(check: (worker: Worker) => Iterable<Finding>): Rule['check'] {
  return forEachJob((job) => {
    const worker = workerOf(job)
    return worker ? check(worker) : []
  })
}

function commandPath(job: Job): DocumentPath {
  return [...job.path, 'command']
}
