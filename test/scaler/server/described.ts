import type {
  AlertReport,
  DecisionInputs,
  GroupReport,
  ScalerEvent,
  ScalerHealth,
  WorkerReport,
} from '../../../scaler/reports.ts'
import type { decisionSchema } from '../../../src/core/api/decision.ts'
import type { actionAnswerSchema, eventSchema, inputsSchema } from '../../../src/core/api/event.ts'
import type {
  alertSchema,
  groupReportSchema,
  healthSchema,
  policySchema,
  workerReportSchema,
} from '../../../src/core/api/report.ts'
import type { readingSchema, workerStateSchema } from '../../../src/core/api/sample.ts'
import type { Decision, Reason } from '../../../src/core/scaling/decision.ts'
import type { AllocationState } from '../../../src/core/scaling/group.ts'
import type { BoundsWindow, ScalingPolicy } from '../../../src/core/scaling/policy.ts'
import type { QueueReading, QueueSample, RunningTask, WorkerState } from '../../../src/core/scaling/sample.ts'
import type { z } from '../../../src/core/zod.ts'
import type { ActionAnswer } from '../../../src/ports.ts'

// The compiler is the test: whatever the scaler's reports gain must be described to the API's clients as well. That
// what is described is true, the server's own types see to.

type Keys<T> = T extends unknown ? keyof T : never
type Undescribed<T, S> = Exclude<Keys<T>, Keys<S>>
type Described<S extends z.ZodType> = z.infer<S>
type Report = Described<typeof groupReportSchema>
type Policy = Described<typeof policySchema>
type Readings = Described<typeof readingSchema>
type Decisions = Described<typeof decisionSchema>

type All = [
  Undescribed<GroupReport, Report>,
  Undescribed<ScalingPolicy, Policy>,
  Undescribed<BoundsWindow, NonNullable<Policy['schedules']>[number]>,
  Undescribed<AllocationState, NonNullable<Described<typeof workerReportSchema>['allocation']>>,
  Undescribed<WorkerReport, Described<typeof workerReportSchema>>,
  Undescribed<WorkerState, Described<typeof workerStateSchema>>,
  Undescribed<RunningTask, NonNullable<Described<typeof workerStateSchema>['tasks']>[number]>,
  Undescribed<AlertReport, Described<typeof alertSchema>>,
  Undescribed<ScalerHealth, Described<typeof healthSchema>>,
  Undescribed<ScalerEvent, Described<typeof eventSchema>>,
  Undescribed<DecisionInputs, Described<typeof inputsSchema>>,
  Undescribed<QueueReading, Readings>,
  Undescribed<QueueSample, Extract<Readings, { ok: true }>['sample']>,
  Undescribed<Decision, Decisions>,
  Undescribed<Reason, Decisions['reasons'][number]>,
  Undescribed<ActionAnswer, Described<typeof actionAnswerSchema>>,
]

type IsNone<T> = [T] extends [never] ? true : T
/** Does not compile while a key is undescribed; the message names it. */
export const IS_DESCRIBED: IsNone<All[number]> = true
