import { compact } from '../compact.ts'
import { parseDurationMs } from '../units.ts'
import type { z } from '../zod.ts'
import type { Scaling, Schedule } from './scaling.ts'
import type { scalingSchema, scheduleSchema } from './schema/scaling.ts'

/** The scaler's settings with every default filled in; a forecast, budget or alerts that are not written stay off. */
export function normalizeScaling(written: z.infer<typeof scalingSchema> = {}): Scaling {
  const { forecast, budget, alerts } = written
  return compact({
    intervalMs: parseDurationMs(written.interval ?? '5s'),
    schedules: Object.fromEntries(
      Object.entries(written.schedules ?? {}).map(([name, schedule]) => [
        name,
        normalizeSchedule(name, schedule),
      ]),
    ),
    forecast: forecast && {
      enabled: forecast.enabled ?? true,
      lookBackMs: parseDurationMs(forecast.look_back ?? '24h'),
      horizonMs: parseDurationMs(forecast.horizon ?? '15m'),
    },
    budget: budget && { enabled: budget.enabled ?? true, maxPerHour: budget.max_per_hour },
    alerts: alerts && { enabled: alerts.enabled ?? true, webhook: alerts.webhook.secret, on: alerts.on },
  })
}

function normalizeSchedule(name: string, written: z.infer<typeof scheduleSchema>): Schedule {
  return compact({
    path: ['scaling', 'schedules', name],
    enabled: written.enabled ?? true,
    timeZone: written.time_zone ?? 'UTC',
    weekdays: written.weekdays ?? [1, 2, 3, 4, 5, 6, 7],
    fromMinutes: written.from === undefined ? undefined : minutesOfDay(written.from),
    toMinutes: written.to === undefined ? undefined : minutesOfDay(written.to),
    otherwise: written.otherwise,
    min: written.min ?? {},
    max: written.max ?? {},
  })
}

function minutesOfDay(time: string): number {
  const [hours, minutes] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}
