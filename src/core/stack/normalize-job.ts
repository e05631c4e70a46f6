import { compact } from '../compact.ts'
import type { DocumentPath } from '../issue.ts'
import type { Pace } from '../scaling/policy.ts'
import { parseDurationMs, toNomadDuration } from '../units.ts'
import type { z } from '../zod.ts'
import { celeryCommand } from './celery.ts'
import { normalizeBroker } from './normalize-broker.ts'
import { normalizeChecks, normalizePorts, normalizeUpdate } from './normalize-served.ts'
import {
  type NormalizeContext,
  normalizeRestart,
  normalizeTask,
  type TaskDefaults,
} from './normalize-task.ts'
import type { batchSchema, dependenciesSchema, periodicSchema, serviceSchema } from './schema/job.ts'
import type { celerySchema, scaleSchema, workerSchema } from './schema/worker.ts'
import { SECTIONS, type Section } from './sections.ts'
import type { Celery, Cluster, Dependency, Job, Scale, Selector, Task, WorkerFacts } from './stack.ts'

type WrittenWorker = z.infer<typeof workerSchema>
/** A job of any section, as far as normalizing needs to know. */
export type WrittenJob = z.infer<typeof batchSchema> &
  Partial<Omit<z.infer<typeof serviceSchema>, keyof z.infer<typeof batchSchema>>> &
  Partial<Pick<z.infer<typeof periodicSchema>, 'cron' | 'time_zone' | 'overlap'>> &
  Partial<Omit<WrittenWorker, keyof z.infer<typeof serviceSchema>>>

/** Fills in the defaults of one job; what they depend on is the kind of the job. */
export function normalizeJob(
  context: NormalizeContext,
  cluster: Cluster,
  section: Section,
  name: string,
  job: WrittenJob,
): Job {
  const kind = SECTIONS[section]
  const path: DocumentPath = [section, name]
  const worker = kind === 'worker' ? normalizeWorker(job as WrittenWorker) : undefined
  const ports = normalizePorts(job.ports ?? {})
  const checks = normalizeChecks(context, job.checks ?? [], path, worker ? 'report' : 'restart')
  const defaults = taskDefaults(kind, cluster, worker)
  const written = normalizeTask(context, name, job, path, defaults)
  const broker = context.written.broker && normalizeBroker(context.written.broker)
  const main: Task =
    worker?.celery && written.command === undefined
      ? {
          ...written,
          command: celeryCommand(name, worker.queues, worker.concurrency, worker.celery, broker),
        }
      : written
  const extra = (of: 'init' | 'sidecars', restart: TaskDefaults['restart']): Task[] =>
    Object.entries(job[of] ?? {}).map(([key, task]) =>
      normalizeTask(context, key, task, [...path, of, key], {
        ...defaults,
        restart: task.restart ? normalizeRestart(task.restart) : restart,
      }),
    )
  return compact({
    name,
    kind,
    section,
    path,
    description: job.description,
    profiles: job.profiles ?? [],
    dependsOn: normalizeDependencies(job.depends_on, [...path, 'depends_on']),
    networks: job.networks ?? ['default'],
    ports,
    checks,
    main,
    init: extra('init', main.restart),
    sidecars: extra('sidecars', 'always'),
    count: worker ? worker.scale.min : (job.count ?? 1),
    worker,
    periodic:
      job.cron === undefined
        ? undefined
        : { crons: [job.cron].flat(), timeZone: job.time_zone ?? 'UTC', overlap: job.overlap ?? false },
    update:
      kind === 'service' || kind === 'system'
        ? normalizeUpdate(job.update ?? {}, checks, main.killTimeout)
        : undefined,
    shutdownDelay: shutdownDelay(job.shutdown_delay, ports.length > 0, checks.length > 0),
    priority: job.priority,
    datacenters: job.datacenters ?? cluster.datacenters,
    nodePool: job.node_pool ?? cluster.nodePool,
    constraints: (job.constraints ?? []).map(normalizeSelector),
    affinities: (job.affinities ?? []).map(normalizeSelector),
    spread: (job.spread ?? []).map((spread) => ({
      attribute: spread.attribute,
      weight: spread.weight ?? 50,
      targets: spread.targets ?? {},
    })),
    meta: job.meta ?? {},
    labels: job.labels ?? {},
    tags: job.tags ?? [],
    silence: job.silence ?? {},
    patch: job['x-nomad'],
  })
}

/** Time for its callers to hear that it is gone; one that nobody calls leaves at once, for Nomad warns of none. */
function shutdownDelay(
  written: string | undefined,
  isDialled: boolean,
  isChecked: boolean,
): string | undefined {
  if (written !== undefined) return toNomadDuration(written)
  return isDialled ? '5s' : isChecked ? '1s' : undefined
}

function taskDefaults(kind: Job['kind'], cluster: Cluster, worker: WorkerFacts | undefined): TaskDefaults {
  if (!worker)
    return {
      restart: kind === 'batch' || kind === 'periodic' ? 'never' : 'always',
      onChange: 'restart',
      killTimeout: '30s',
    }
  // A deploy or a node drain stops a worker whatever it does, so it gets the longest grace the client allows.
  const wanted = worker.longestTaskMs === undefined ? cluster.maxKillTimeoutMs : worker.longestTaskMs + 60_000
  return {
    restart: 'always',
    onChange: 'none',
    killTimeout: toNomadDuration(Math.min(wanted, cluster.maxKillTimeoutMs)),
  }
}

function normalizeWorker(job: WrittenWorker): WorkerFacts {
  const celery = job.celery && normalizeCelery(job.celery)
  return compact({
    queues: job.queues,
    concurrency: job.concurrency ?? 1,
    scale: normalizeScale(job.scale),
    celery,
    longestTaskMs: job.longest_task === undefined ? celery?.timeLimitMs : parseDurationMs(job.longest_task),
    jobType: job.job_type ?? 'batch',
  })
}

function normalizeScale(scale: z.infer<typeof scaleSchema>): Scale {
  const min = scale.min ?? 0
  // Their options stay as they are written; the texts among them are durations, and have to be within bounds.
  for (const options of Object.values(scale.strategies ?? {}))
    for (const option of Object.values(options ?? {})) if (typeof option === 'string') parseDurationMs(option)
  return {
    min,
    max: scale.max,
    typical: scale.typical ?? Math.floor((min + scale.max) / 2),
    keepAliveMs: parseDurationMs(scale.keep_alive ?? '5m'),
    startUpMs: parseDurationMs(scale.start_up ?? '30s'),
    strategies:
      scale.strategies && Object.keys(scale.strategies).length > 0 ? scale.strategies : { backlog: {} },
    up: normalizePace(scale.up),
    down: normalizePace(scale.down),
  }
}

function normalizePace(pace: z.infer<typeof scaleSchema>['up'] = {}): Pace {
  return compact({
    maxPerMinute: pace.max_per_minute,
    cooldownMs: parseDurationMs(pace.cooldown ?? '0s'),
    stabilizationMs: parseDurationMs(pace.stabilization ?? '0s'),
  })
}

function normalizeCelery(celery: z.infer<typeof celerySchema>): Celery {
  return compact({
    app: celery.app,
    logLevel: celery.log_level ?? 'INFO',
    prefetchMultiplier: celery.prefetch_multiplier ?? 1,
    acksLate: celery.acks_late ?? true,
    maxTasksPerChild: celery.max_tasks_per_child,
    timeLimitMs: celery.time_limit === undefined ? undefined : parseDurationMs(celery.time_limit),
    softTimeLimitMs:
      celery.soft_time_limit === undefined ? undefined : parseDurationMs(celery.soft_time_limit),
    arguments: celery.arguments ?? [],
  })
}

function normalizeDependencies(
  written: z.infer<typeof dependenciesSchema> | undefined,
  path: DocumentPath,
): Dependency[] {
  if (written === undefined) return []
  if (Array.isArray(written))
    return written.map((on, index) => ({ on, condition: 'healthy', path: [...path, index] }))
  return Object.entries(written).map(([on, condition]) => ({ on, condition, path: [...path, on] }))
}

function normalizeSelector(written: {
  attribute: string
  operator?: string | undefined
  value?: string | undefined
  weight?: number | undefined
}): Selector {
  return compact({ ...written, operator: written.operator ?? '=' })
}
