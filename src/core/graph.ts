import { inlinedJobs, isWanted } from './plan/plan-jobs.ts'
import { serviceReferences } from './stack/references.ts'
import type { Job, Stack } from './stack/stack.ts'

export interface GraphEdge {
  readonly from: string
  readonly to: string
  /** Condition of a dependency, or `address` when one only asks where the other is. */
  readonly why: 'healthy' | 'started' | 'completed' | 'address'
  /** Whether the dependant waits. */
  readonly waits: boolean
}

export interface Graph {
  readonly jobs: readonly { readonly name: string; readonly kind: string }[]
  readonly edges: readonly GraphEdge[]
}

/** Who needs whom: dependencies, and addresses of services that no dependency names. */
export function planGraph(stack: Stack, profiles: readonly string[] = []): Graph {
  const jobs = stack.jobs.filter((job) => isWanted(job, profiles))
  const names = new Set(jobs.map(({ name }) => name))
  return {
    jobs: jobs.map(({ name, kind }) => ({ name, kind })),
    edges: jobs.flatMap(edgesOf).filter(({ to }) => names.has(to)),
  }
}

function edgesOf(job: Job): GraphEdge[] {
  const edges = new Map<string, GraphEdge>()
  for (const { on, condition } of job.dependsOn)
    edges.set(on, { from: job.name, to: on, why: condition, waits: true })
  for (const { reference } of serviceReferences(job)) {
    const known = edges.get(reference.service)
    if (reference.service === job.name || (known && (known.waits || !reference.wait))) continue
    edges.set(reference.service, {
      from: job.name,
      to: reference.service,
      why: 'address',
      waits: reference.wait,
    })
  }
  return [...edges.values()]
}

/**
 * The graph in Mermaid's words: an arrow points at what is needed, dotted when nobody waits for it. Boxes
 * are services, rounded ones workers, hexagons run to their end, barrels run on every node.
 */
export function toMermaid(stack: Stack, graph: Graph): string {
  const inlined = inlinedJobs(stack)
  const lines = graph.jobs.map(({ name, kind }) => {
    const note = inlined.has(name) ? `${name}<br/>before its dependants` : name
    const [open, close] = SHAPES[kind] ?? ['[', ']']
    return `  ${idOf(name)}${open}"${note}"${close}`
  })
  const arrows = graph.edges.map(({ from, to, why, waits }) => {
    const arrow = waits ? '-->' : '-.->'
    return `  ${idOf(from)} ${arrow}${why === 'address' ? '' : `|${why}|`} ${idOf(to)}`
  })
  return `${['flowchart LR', ...lines, ...arrows].join('\n')}\n`
}

const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  worker: ['(', ')'],
  batch: ['{{', '}}'],
  periodic: ['{{', '}}'],
  system: ['[(', ')]'],
}

/** Mermaid takes `end` and a few others as its own words; a prefix keeps names clear of them. */
function idOf(name: string): string {
  return `job_${name.replaceAll('-', '__')}`
}
