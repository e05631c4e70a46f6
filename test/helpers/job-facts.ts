import type { Check, Job, Stack } from '../../src/core/stack/stack.ts'
import { literalText } from '../../src/core/stack/value.ts'
import { formatSize } from '../../src/core/units.ts'
import { showValue } from './show-value.ts'

/** What two stacks of one platform are compared by: job to the name of a fact to the fact, in words. */
export type JobFacts = Readonly<Record<string, Readonly<Record<string, string>>>>

export function jobFacts({ jobs }: Stack): JobFacts {
  return Object.fromEntries(
    jobs.map((job) => [
      job.name,
      {
        kind: job.worker ? `worker ${job.worker.scale.min} to ${job.worker.scale.max}` : job.kind,
        image: job.main.image ?? 'none',
        ports: list(job.ports.map(showPort)),
        cpu: `${job.main.resources.cpuReserved} of ${job.main.resources.cpu}`,
        memory: `${size(job.main.resources.memoryReservedMb)} of ${size(job.main.resources.memoryMb)}`,
        check: list(job.checks.map((check) => showCheck(job, check))),
        'depends on': list(job.dependsOn.map(({ on, condition }) => `${on} ${condition}`)),
      },
    ]),
  )
}

/** Every fact in which two stacks differ: job, fact, first, second. */
export function factDifferences(first: JobFacts, second: JobFacts): [string, string, string, string][] {
  const jobs = new Set([...Object.keys(first), ...Object.keys(second)])
  return [...jobs].sort().flatMap((job) => {
    const [one, two] = [first[job], second[job]]
    if (!one || !two) return [[job, 'job', one ? 'there' : 'absent', two ? 'there' : 'absent']]
    return Object.keys(one)
      .filter((fact) => one[fact] !== two[fact])
      .map((fact): [string, string, string, string] => [job, fact, one[fact] ?? '', two[fact] ?? ''])
  })
}

function showPort({ container, publish }: Job['ports'][number]): string {
  if (!publish) return String(container)
  return `${container} on ${publish.hostNetwork ?? 'all'}:${publish.port}`
}

function showCheck(job: Job, check: Check): string {
  const { interval, timeout, retries, type } = check
  const times = `${interval} ${timeout} ${retries}x`
  if (type === 'script')
    return `${check.command.map((word) => literalText(word) ?? showValue(word)).join(' ')} (${times})`
  const port = job.ports.find(({ name }) => name === check.port) ?? job.ports[0]
  return `${type} ${port?.container ?? ''}${type === 'http' ? check.httpPath : ''} (${times})`
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : [...texts].sort().join(', ')
}

function size(mb: number): string {
  return formatSize(mb * 1024 ** 2)
}
