import type { whyAnswer } from '../../src/core/api/answers.ts'
import type { Wire } from '../../src/core/api/values.ts'
import { explainDecision, explainReasons } from '../../src/core/scaling/explain.ts'
import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { GroupReport, History, ScalerEvent } from '../reports.ts'
import { fault } from './fault.ts'
import type { DecisionEvent } from './latest-decisions.ts'
import { pastDecisions } from './past-decisions.ts'

type Why = Wire<typeof whyAnswer>

/** What is being done about a group now, and why. Throws a 404 before its first evaluation. */
export function whyNow(
  report: GroupReport,
  latest: DecisionEvent | undefined,
  history: History,
  now: number,
): Why {
  const decision = latest?.decision ?? report.decision
  if (decision === undefined)
    throw fault(404, 'USAGE', `nothing has been decided about ${report.name} yet`, {
      hint: 'drover status says what it waits for.',
    })
  const action = latest && actionOf(latest, history, now)
  return {
    name: report.name,
    at: now,
    decidedAt: decision.at,
    ...(report.decidedSince === undefined ? {} : { since: report.decidedSince }),
    explained: explainDecision(decision),
    steps: explainReasons(decision),
    decision,
    ...(latest ? { inputs: latest.inputs } : {}),
    ...(action ? { action } : {}),
  }
}

/** What was in force at a time: the newest that is kept from until then. Throws a 404 when nothing is. */
export function whyThen(report: GroupReport, history: History, at: number, now: number): Why {
  const [event] = pastDecisions(history, groupKey(report.group), at, 1)
  if (event === undefined)
    throw fault(
      404,
      'USAGE',
      `no decision about ${report.name} is kept from before ${new Date(at).toISOString()}`,
      {
        hint: 'drover events --group shows what is kept.',
      },
    )
  const action = actionOf(event, history, now)
  return {
    name: report.name,
    at,
    decidedAt: event.at,
    explained: explainDecision(event.decision),
    steps: explainReasons(event.decision),
    decision: event.decision,
    inputs: event.inputs,
    ...(action ? { action } : {}),
  }
}

/** How long after a decision what came of it is looked for. */
const ANSWERED_WITHIN_MS = 60_000

function actionOf(event: DecisionEvent, history: History, now: number): ScalerEvent | undefined {
  if (event.decision.kind === 'hold') return undefined
  const before = Math.min(event.at + ANSWERED_WITHIN_MS, now) + 1
  const entries = history.find({ group: groupKey(event.group), after: event.at - 1, before, limit: 1000 })
  return entries.findLast(
    (entry) => entry.event.kind === 'action' && entry.event.decision.at === event.decision.at,
  )?.event
}
