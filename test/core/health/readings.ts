import { chooseSubjects } from '../../../src/core/health/choose-subjects.ts'
import type {
  AllocationFacts,
  CheckFacts,
  JobFacts,
  NomadReading,
  PlatformReading,
  ServiceFacts,
} from '../../../src/core/health/reading.ts'
import type { HealthLine, HealthReport } from '../../../src/core/health/report.ts'
import { reportHealth } from '../../../src/core/health/report-health.ts'
import { aStack } from '../../helpers/a-stack.ts'

export const NOW = Date.UTC(2026, 10, 24, 12)
/** So many seconds before now. */
export const ago = (seconds: number): number => NOW - seconds * 1000

export const STACK = aStack(`
services:
  api: { image: "api:1", count: 2, ports: { main: 80 }, depends_on: [db], checks: [{ type: http, path: /, grace: 20s }] }
  db: { image: "db:1", ports: { main: 5432 }, checks: [{ type: script, name: db-ready, command: [ready] }] }
  plain: { image: "plain:1" }
workers:
  mailer: { image: "mailer:1", queues: [mail], scale: { min: 0, max: 4 } }
batch:
  tidy: { image: "tidy:1" }
periodic:
  nightly: { image: "nightly:1", cron: "0 3 * * *" }
system:
  agent: { image: "agent:1" }
external:
  model_api: { address: "https://models.example.com" }
broker: { software: bullmq, service: db }
`)

export function aJob(id: string, more: Partial<JobFacts> = {}): JobFacts {
  return { id, isStopped: false, count: 1, version: 3, submittedAt: ago(3600), ...more }
}

let last = 0

/** One that runs, of the present version, made an hour ago; its deployment found it healthy. */
export function anAllocation(job: string, more: Partial<AllocationFacts> = {}): AllocationFacts {
  last += 1
  return {
    id: `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`,
    job,
    jobVersion: 3,
    desiredStatus: 'run',
    clientStatus: 'running',
    isReplaced: false,
    createdAt: ago(3600),
    changedAt: ago(3500),
    isHealthy: true,
    task: { state: 'running', restarts: 0, startedAt: ago(3590) },
    ...more,
  }
}

/** One whose task has not started. */
export function pending(job: string, more: Partial<AllocationFacts> = {}): AllocationFacts {
  const { isHealthy: _, ...one } = anAllocation(job)
  return { ...one, clientStatus: 'pending', task: { state: 'pending', restarts: 0 }, ...more }
}

export function aCheck(status: CheckFacts['status'] = 'passing', more: Partial<CheckFacts> = {}): CheckFacts {
  return { id: 'check-1', name: 'http', status, output: 'says so', ...more }
}

/** The service that Nomad registers for an allocation. */
export function serviceOf(
  { id, job }: AllocationFacts,
  checks: readonly CheckFacts[] = [aCheck()],
  more: Partial<ServiceFacts> = {},
): ServiceFacts {
  return {
    id: `_nomad-task-${id}-group-${job}-${job}-main`,
    node: 'one',
    name: job,
    job,
    kind: 'service',
    isProxy: false,
    endpoint: '10.0.0.1:20080',
    checks,
    ...more,
  }
}

/** What the scaler registers for a worker group. */
export function groupOf(job: string, check: CheckFacts): ServiceFacts {
  return {
    id: `drover:shop:group:${job}`,
    node: 'one',
    name: `${job}-group`,
    job,
    kind: 'group',
    isProxy: false,
    checks: [check],
  }
}

export interface Readings {
  readonly jobs?: readonly JobFacts[]
  readonly allocations?: readonly AllocationFacts[]
  readonly unplaced?: Readonly<Record<string, string>>
  readonly services?: readonly ServiceFacts[]
  readonly nomad?: PlatformReading['nomad']
  readonly consul?: PlatformReading['consul']
}

export function report(names: readonly string[], readings: Readings): HealthReport {
  const { jobs = [], allocations = [], unplaced = {}, services = [] } = readings
  const value: NomadReading = { jobs, allocations, unplaced: new Map(Object.entries(unplaced)) }
  return reportHealth(chooseSubjects(STACK, [], names), {
    nomad: readings.nomad ?? { value },
    consul: readings.consul ?? { value: { services } },
    at: NOW,
  })
}

export function lineOf(name: string, readings: Readings): HealthLine {
  const [line] = report([name], readings).lines
  if (line === undefined) throw new Error(`no line ${name}`)
  return line
}

/** The state of a line and its reason, if there is one. */
export function judged(name: string, readings: Readings): string {
  const { state, why } = lineOf(name, readings)
  return why === undefined || why === '' ? state : `${state}: ${why}`
}
