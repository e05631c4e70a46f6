import { compact } from '../../core/compact.ts'
import type { Broker } from '../../core/stack/stack.ts'

/** What a queue source has to know of a stack's broker, as the application has set it up. */
export function brokerOptions({ software, prefix, prioritySteps, separator }: Broker): object {
  if (software === 'celery') return compact({ keyPrefix: prefix, prioritySteps, separator })
  return { prefix: prefix || 'bull' }
}
