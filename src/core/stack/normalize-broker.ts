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
    password: broker.password?.secret,
    visibilityTimeoutMs: parseDurationMs(broker.visibility_timeout ?? '1h'),
    transportOptions: broker.transport_options,
  })
}
