import { z } from '../zod.ts'

const count = z.int().min(0)
const counts = z.record(z.string(), count)
const minutes = z.number().min(0)

const workerSchema = z
  .looseObject({
    queues: z.array(z.string().min(1)).min(1).describe('Queues that the tier takes tasks from.'),
    min_replicas: count.describe('Least count.'),
    max_replicas: count.describe('Largest count.'),
    scale_up_threshold: count.optional().describe('Waiting tasks from which one more is started.'),
    scale_down_threshold: count.optional().describe('Waiting tasks down to which one is stopped.'),
    cooldown_minutes: minutes.optional().describe('Time between two changes.'),
    cpu_per_replica: z.number().positive().optional().describe('Cores.'),
    memory_per_replica_gb: z.number().positive().optional(),
    idle_shutdown_minutes: minutes.optional().describe('An idle worker stays this long.'),
    startup_time_seconds: z.number().min(0).optional(),
  })
  .refine((worker) => worker.min_replicas <= worker.max_replicas, {
    path: ['min_replicas'],
    error: 'must not be above max_replicas',
  })

const hour = z.int().min(0).max(24)

const scheduleSchema = z.looseObject({
  enabled: z.boolean().optional(),
  timezone: z.string().min(1).optional(),
  start_hour: hour.optional(),
  end_hour: hour.optional(),
  weekdays: z.array(z.int().min(0).max(7)).min(1).optional().describe('1 is Monday.'),
  min_replicas_override: counts.optional(),
  max_replicas_override: counts.optional(),
})

/** The scaling configuration of a compose platform: tiers of workers, thresholds and what is around them. */
export const autoscaleSchema = z.looseObject({
  global: z
    .looseObject({
      check_interval_seconds: z.number().positive().optional(),
      redis_url: z.string().optional(),
      docker_compose_dir: z.string().optional(),
    })
    .optional(),
  workers: z
    .record(z.string(), workerSchema)
    .refine((workers) => Object.keys(workers).length > 0, 'must name a worker'),
  advanced: z
    .looseObject({
      schedule: z
        .looseObject({ business_hours: scheduleSchema.optional(), off_hours: scheduleSchema.optional() })
        .optional(),
      predictive: z
        .looseObject({
          enabled: z.boolean().optional(),
          lookback_hours: z.number().positive().optional(),
          forecast_minutes: z.number().positive().optional(),
          scale_proactively: z.boolean().optional(),
        })
        .optional(),
      cost_optimization: z
        .looseObject({
          enabled: z.boolean().optional(),
          max_cost_per_hour_usd: z.number().positive().optional(),
          prefer_fewer_large_workers: z.boolean().optional(),
          shutdown_idle_workers: z.boolean().optional(),
        })
        .optional(),
      alerts: z
        .looseObject({
          enabled: z.boolean().optional(),
          webhook_url: z.string().optional(),
          alert_on: z.array(z.string()).optional(),
        })
        .optional(),
    })
    .optional(),
  monitoring: z
    .looseObject({
      metrics: z
        .looseObject({
          enabled: z.boolean().optional(),
          prometheus_port: z.int().min(1).max(65_535).optional(),
          export_to_file: z.boolean().optional(),
          file_path: z.string().optional(),
        })
        .optional(),
      logging: z
        .looseObject({
          level: z.string().optional(),
          format: z.string().optional(),
          file: z.string().optional(),
          max_bytes: z.int().positive().optional(),
          backup_count: z.int().min(0).optional(),
        })
        .optional(),
    })
    .optional(),
})

/** Units are in the names. Texts may hold `${VARIABLES}`, which `parseParts` reads. */
export type Autoscale = z.infer<typeof autoscaleSchema>
export type AutoscaleWorker = Autoscale['workers'][string]
