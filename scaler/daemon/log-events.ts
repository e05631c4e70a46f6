import { groupName } from '../../src/core/scaling/group-ref.ts'
import type { Log, LogFields, LogLevel } from '../../src/log/create-log.ts'
import { alertLine } from '../alerts/start-alerts.ts'
import type { ScalerEvent } from '../reports.ts'

/** Writes one line for each event that is news. */
export function logEvent(log: Log, event: ScalerEvent): void {
  if (event.kind === 'decision' && !event.isNews) return
  const message = event.kind === 'alert' ? alertLine(event.alert) : event.message
  log[levelOf(event)](message, {
    kind: event.kind,
    ...('group' in event ? { group: groupName(event.group) } : {}),
    ...fieldsOf(event),
  })
}

/** A group is held since something is not known, or not there. */
const TROUBLED: ReadonlySet<string> = new Set([
  'no-sample',
  'stale-sample',
  'cluster-blind',
  'job-missing',
  'job-stopped',
  'ends-at-once',
])

function levelOf(event: ScalerEvent): LogLevel {
  switch (event.kind) {
    case 'decision':
      return event.decision.kind === 'hold' && TROUBLED.has(event.decision.because) ? 'warn' : 'info'
    case 'action':
      return event.answer.ok || event.answer.refusal === 'dry-run' ? 'info' : 'warn'
    case 'source':
      return event.state.polls.status === 'lost' ? 'warn' : 'info'
    case 'cluster':
      return event.state.cause === undefined ? 'info' : 'warn'
    case 'leader':
      return event.isLeader ? 'info' : 'warn'
    case 'alert':
      return event.alert.resolvedAt === undefined ? 'warn' : 'info'
    case 'config':
      return event.ok ? 'info' : 'error'
    default:
      return 'info'
  }
}

/** What a query of the log may ask for; the message has the words. */
function fieldsOf(event: ScalerEvent): LogFields {
  switch (event.kind) {
    case 'decision':
    case 'action': {
      const { decision } = event
      const what =
        decision.kind === 'scale'
          ? { from: decision.from, to: decision.to, cause: decision.cause }
          : decision.kind === 'hold'
            ? { count: decision.count, because: decision.because }
            : { allocations: decision.allocations.map((id) => id.slice(0, 8)) }
      if (event.kind === 'decision') return { decision: decision.kind, ...what }
      const { answer, tookMs } = event
      return {
        action: decision.kind,
        ...what,
        answer: answer.ok ? 'ok' : answer.refusal,
        tookMs: Math.round(tookMs),
      }
    }
    case 'source':
      return { source: event.source }
    case 'order':
      return { order: event.order, by: event.by }
    case 'alert':
      return { alert: event.alert.kind }
    default:
      return {}
  }
}
