import { isTree } from '../spec/tree.ts'
import { forEachJob, type Rule, suggest } from './rule.ts'
import type { StackView } from './view.ts'

export const queueShared: Rule = {
  code: 'queue-shared',
  severity: 'error',
  silenceable: true,
  reason:
    'The waiting tasks of a queue that two groups consume are counted for both, so both are scaled up for the same work.',
  fix: 'let one worker group consume it',
  *check({ stack }) {
    const owners = new Map<string, string>()
    for (const job of stack.jobs)
      for (const [index, queue] of (job.worker?.queues ?? []).entries()) {
        const first = owners.get(queue)
        const path = [...job.path, 'queues', index]
        if (first === job.name) yield { path, message: `the queue "${queue}" is listed twice` }
        else if (first !== undefined)
          yield { path, message: `the queue "${queue}" is consumed by ${first} as well` }
        else owners.set(queue, job.name)
      }
  },
}

export const queueUnconsumed: Rule = {
  code: 'queue-unconsumed',
  severity: 'error',
  silenceable: true,
  reason: 'Tasks that are routed to a queue without a worker wait for ever.',
  fix: 'add the queue to a worker',
  *check(view) {
    const consumed = new Set(view.stack.jobs.flatMap((job) => job.worker?.queues ?? []))
    for (const [pattern, queue] of Object.entries(view.stack.routes))
      if (!consumed.has(queue))
        yield {
          path: ['routes', pattern],
          message: `no worker consumes the queue "${queue}"`,
          fix: suggest(queue, consumed),
        }
  },
}

export const workerKillable: Rule = {
  code: 'worker-killable',
  severity: 'warning',
  silenceable: true,
  reason:
    'Of a service Nomad itself chooses which allocation stops when the count goes down, the one with the highest index, whatever it is doing. A batch job lets an idle worker leave first, by exiting 0.',
  fix: 'leave job_type at batch, and let the worker exit 0 on SIGTERM when its tasks are done',
  check: forEachJob(function* ({ worker, path, name }) {
    if (worker?.jobType === 'service')
      yield {
        path: [...path, 'job_type'],
        message: `a busy allocation of ${name} may be stopped when it is scaled in`,
      }
  }),
}

export const workersInOneJob: Rule = {
  code: 'workers-in-one-job',
  severity: 'error',
  silenceable: true,
  reason:
    'In a batch job with several groups a change of one count makes Nomad fill the places of all others again, where workers have left on purpose.',
  fix: 'make the other group a worker of its own',
  check: forEachJob(function* ({ worker, patch, name, path }) {
    const groups = isTree(patch?.group) ? patch.group : {}
    const added = Object.keys(groups).filter((group) => group !== name && groups[group] !== null)
    if (worker?.jobType === 'batch' && added[0] !== undefined)
      yield {
        path: [...path, 'x-nomad', 'group', added[0]],
        message: `the patch adds the group "${added[0]}" to the batch job of ${name}`,
      }
  }),
}

export const brokerEvicts: Rule = {
  code: 'broker-evicts',
  severity: 'warning',
  silenceable: true,
  reason:
    'A Redis that is full and may evict keys throws queues away: the tasks in them are lost without a word. With noeviction the producer gets an error.',
  fix: 'use `--maxmemory-policy noeviction` (the default), and another Redis for the cache',
  *check(view) {
    const job = view.stack.broker && view.jobs.get(view.stack.broker.service)
    if (!job) return
    for (const { text, path } of literalTexts(view, job.name)) {
      const policy = /maxmemory-policy["'=\s]+([a-z-]+)/.exec(text)?.[1]
      if (policy !== undefined && policy !== 'noeviction')
        yield {
          path,
          message: `the broker ${job.name} has maxmemory-policy ${policy}: it throws queued tasks away when it is full`,
          job: job.name,
        }
    }
  },
}

/** The commands as one text each, and every variable and file. */
function literalTexts(view: StackView, name: string) {
  const job = view.jobs.get(name)
  const placed = job
    ? view.valuesOf(job).map((one) => ({
        ...one,
        text: one.value.map((part) => (typeof part === 'string' ? part : '?')).join(''),
      }))
    : []
  const program = placed.filter(({ place }) => place === 'entrypoint' || place === 'command')
  const command = { text: program.map(({ text }) => text).join(' '), path: [...(job?.path ?? []), 'command'] }
  return [command, ...placed.filter(({ place }) => place === 'env' || place === 'file')]
}
