import { compact } from '../compact.ts'
import { parseDurationMs } from '../units.ts'
import type { WrittenStack } from './schema/stack.ts'
import type { Broker } from './stack.ts'

export function normalizeBroker(broker: NonNullable<WrittenStack['broker']>): Broker {
  return compact({
    software: broker.software,
    service: broker.service,
    port: broker.port,
    database: broker.database ?? 0,
    prefix: broker.prefix ?? '',
    prioritySteps: broker.priority_steps ?? stepsIn(broker.transport_options?.priority_steps),
    separator: broker.separator ?? textIn(broker.transport_options?.sep),
    password: broker.password?.secret,
    visibilityTimeoutMs: parseDurationMs(broker.visibility_timeout ?? '1h'),
    transportOptions: broker.transport_options,
  })
}

/** Transport options are free-form: what has another shape is left to Celery. */
function stepsIn(option: unknown): readonly number[] | undefined {
  const isSteps =
    Array.isArray(option) && option.length > 0 && option.every((step) => Number.isInteger(step) && step >= 0)
  return isSteps ? (option as readonly number[]) : undefined
}

function textIn(option: unknown): string | undefined {
  return typeof option === 'string' && option !== '' ? option : undefined
}
