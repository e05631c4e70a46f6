import type { DocumentPath } from '../issue.ts'
import { mayTalk } from '../plan/isolation.ts'
import type { Job } from '../stack/stack.ts'
import { list, type Rule, suggest } from './rule.ts'
import { perJob, type Reference, referencesOf, type StackView } from './view.ts'

export const unknownService: Rule = {
  code: 'unknown-service',
  severity: 'error',
  silenceable: false,
  reason: 'The address of a service that nobody registers never comes, and the task waits for it for ever.',
  fix: 'name a service, worker or system job of this stack',
  *check(view) {
    const served = [...view.jobs.values()].filter((job) => job.ports.length > 0).map((job) => job.name)
    for (const { service, path, job } of references(view))
      if (!view.jobs.has(service)) {
        const isExternal = view.stack.external.some(({ name }) => name === service)
        const fix = isExternal ? 'it is in external: write its address as a text' : suggest(service, served)
        yield { path, message: `no job "${service}" in this stack`, fix, ...job }
      }
  },
}

export const serviceWithoutPorts: Rule = {
  code: 'service-without-ports',
  severity: 'error',
  silenceable: false,
  reason:
    'An address is a host and a port. A job without `ports` has none; jobs in batch and periodic never do.',
  fix: 'list the port under `ports` of that job',
  *check(view) {
    for (const { service, path, job } of references(view)) {
      const target = view.jobs.get(service)
      if (target?.ports.length !== 0) continue
      const ends = target.section === 'batch' || target.section === 'periodic'
      const why = ends ? `a job in ${target.section}, which cannot be dialled` : 'without ports'
      yield {
        path,
        message: `"${service}" is ${why}`,
        ...(ends ? { fix: 'name a service, worker or system job' } : {}),
        ...job,
      }
    }
  },
}

export const unknownPort: Rule = {
  code: 'unknown-port',
  severity: 'error',
  silenceable: false,
  reason: 'A port is meant by its name in `ports`.',
  fix: 'use a name from `ports`',
  *check(view) {
    for (const { service, port, path, job } of references(view))
      yield* wrongPort(view.jobs.get(service), port, path, job)
    for (const job of view.stack.jobs)
      for (const check of job.checks) yield* wrongPort(job, check.port, [...check.path, 'port'])
  },
}

export const ambiguousPort: Rule = {
  code: 'ambiguous-port',
  severity: 'error',
  silenceable: false,
  reason: 'Where a job has several ports, Drover does not guess which one is meant.',
  fix: 'add `port: NAME`',
  *check(view) {
    for (const { service, port, path, job } of references(view)) {
      const target = view.jobs.get(service)
      if (port === undefined && target && target.ports.length > 1)
        yield { path, message: `"${service}" has several ports: ${portNames(target)}`, ...job }
    }
    for (const job of view.stack.jobs)
      for (const check of job.checks)
        if (check.type !== 'script' && check.port === undefined && job.ports.length > 1)
          yield { path: check.path, message: `this check names none of the ports ${portNames(job)}` }
  },
}

export const noCommonNetwork: Rule = {
  code: 'no-common-network',
  severity: 'error',
  silenceable: false,
  reason: 'Who may talk to whom is decided by `networks`: two jobs must share one.',
  fix: 'give both a common network, or remove the reference',
  *check(view) {
    for (const job of view.stack.jobs) {
      const dependencies = job.dependsOn.filter(({ condition }) => condition !== 'completed')
      const wanted = [
        ...view.referencesOf(job).map(({ service, path }) => ({ on: service, path })),
        ...dependencies,
      ]
      for (const { on, path } of wanted) {
        const target = view.jobs.get(on)
        if (target && target !== job && !mayTalk(job, target))
          yield {
            path,
            message: `${job.name} may not talk to ${on}: no network in common (${networks(job)}; ${networks(target)})`,
            job: job.name,
          }
      }
    }
  },
}

export const brokerNotRedis: Rule = {
  code: 'broker-not-one',
  severity: 'error',
  silenceable: false,
  reason:
    'Queues live in one Redis. With several allocations each would hold other queues, and a job that ends holds none.',
  fix: 'name a service with count 1',
  *check({ stack, jobs }) {
    const target = stack.broker && jobs.get(stack.broker.service)
    if (target === undefined || target.ports.length === 0) return
    const path = ['broker', 'service']
    if (target.kind !== 'service')
      yield { path, message: `"${target.name}" is in ${target.section}, not in services` }
    else if (target.count !== 1) yield { path, message: `"${target.name}" has count ${target.count}` }
  },
}

interface JobReference extends Omit<Reference, 'holder'> {
  readonly job?: { readonly job: string }
}

/** Every address that anything in the stack asks for. */
function* references(view: StackView): Generator<JobReference> {
  for (const job of view.stack.jobs) yield* jobReferences(job)
  const { broker } = view.stack
  if (broker === undefined) return
  const port = broker.port === undefined ? {} : { port: broker.port }
  yield {
    service: broker.service,
    ...port,
    wait: false,
    path: ['broker', broker.port !== undefined && view.jobs.has(broker.service) ? 'port' : 'service'],
  }
}

const jobReferences = perJob((job): JobReference[] =>
  referencesOf(job).map((reference) => ({ ...reference, job: { job: job.name } })),
)

function* wrongPort(
  target: Job | undefined,
  port: string | undefined,
  path: DocumentPath,
  job?: { job: string },
) {
  if (
    port === undefined ||
    !target ||
    target.ports.length === 0 ||
    target.ports.some(({ name }) => name === port)
  )
    return
  const names = target.ports.map(({ name }) => name)
  yield { path, message: `"${target.name}" has no port "${port}"`, fix: suggest(port, names), ...job }
}

function portNames(job: Job): string {
  return list(job.ports.map(({ name }) => name))
}

function networks(job: Job): string {
  return `${job.name}: ${job.networks.length === 0 ? 'none' : job.networks.join(', ')}`
}
