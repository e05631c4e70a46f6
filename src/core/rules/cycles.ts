import type { DocumentPath } from '../issue.ts'
import { findPort } from '../plan/names.ts'
import type { Job } from '../stack/stack.ts'
import { type Edge, findCycles, type Graph, type Step } from './graph.ts'
import type { Rule } from './rule.ts'
import { holderOf, type Reference, type StackView } from './view.ts'

export const dependencyCycle: Rule = {
  code: 'dependency-cycle',
  severity: 'error',
  silenceable: false,
  reason: 'Each job of the circle waits for the next one, so none of them ever starts.',
  fix: 'remove one of these dependencies',
  *check({ stack }) {
    const graph: Graph<DocumentPath> = new Map(
      stack.jobs.map((job) => [job.name, job.dependsOn.map(({ on, path }) => ({ to: on, why: path }))]),
    )
    for (const cycle of findCycles(graph)) {
      const path = cycle[0]?.why ?? []
      if (cycle.length === 1) yield { path, message: `${cycle[0]?.from} depends on itself` }
      else yield { path, message: `the dependencies form a circle: ${circle(cycle)}` }
    }
  },
}

export const addressCycle: Rule = {
  code: 'address-cycle',
  severity: 'error',
  silenceable: false,
  reason:
    'A task that holds {service: NAME} starts when that service passes its checks. When that service in turn waits for this one, neither ever starts. Plain names, as compose files have them, do not wait.',
  fix: 'give one of these addresses `wait: false`: then its task starts without it and restarts once it is there',
  *check(view) {
    for (const cycle of findCycles(waits(view))) {
      const address = cycle.find(({ why }) => 'holder' in why)
      // A circle of dependencies alone is told by dependency-cycle.
      if (address === undefined) continue
      const path = address.why.path
      if (cycle.length === 1)
        yield {
          path,
          message: `${address.from} waits for its own address, which ${holder(address)} holds: its checks pass only once it runs`,
        }
      else
        yield {
          path,
          message: `these jobs wait for each other's addresses: ${circle(cycle)}; ${cycle.map(because).join(', ')}`,
        }
    }
  },
}

type Wait = { readonly path: DocumentPath } | Reference

/** Who waits for whom when tasks start: for dependencies, and for addresses whose service has checks. */
function waits(view: StackView): Graph<Wait> {
  return new Map(
    view.stack.jobs.map((job) => {
      const dependencies = job.dependsOn.map(({ on, path }): Edge<Wait> => ({ to: on, why: { path } }))
      const addresses = view
        .referencesOf(job)
        .filter((reference) => reference.wait && mustPass(view, reference))
      return [job.name, [...dependencies, ...addresses.map((why): Edge<Wait> => ({ to: why.service, why }))]]
    }),
  )
}

/** Nomad registers a service before its tasks start, so that only one with checks has to be waited for. */
function mustPass({ jobs, portOf }: StackView, reference: Reference): boolean {
  const target = jobs.get(reference.service)
  const port = portOf(reference)
  return target !== undefined && port !== undefined && checksOf(target, port.name) > 0
}

function checksOf(job: Job, port: string): number {
  return job.checks.filter((check) => findPort(job, check.port)?.name === port).length
}

function circle(cycle: readonly Step<unknown>[]): string {
  return [...cycle.map(({ from }) => from), cycle[0]?.from].join(' → ')
}

function because({ from, to, why }: Step<Wait>): string {
  return 'holder' in why
    ? `${from} holds the address of ${to} in ${holderOf(why.holder)}`
    : `${from} depends on ${to}`
}

function holder({ why }: Step<Wait>): string {
  return 'holder' in why ? holderOf(why.holder) : 'it'
}
