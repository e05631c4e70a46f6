import type { DocumentPath } from '../issue.ts'

/** Other bounds of the counts at certain times. */
export interface Schedule {
  readonly path: DocumentPath
  readonly enabled: boolean
  readonly timeZone: string
  /** 1 is Monday. */
  readonly weekdays: readonly number[]
  /** Minutes after midnight, 0 to 1439; both absent: the whole day. */
  readonly fromMinutes?: number
  /** Minutes after midnight, up to 1440; below `fromMinutes` the window ends on the next day. */
  readonly toMinutes?: number
  /** In force whenever the named schedule is not. */
  readonly otherwise?: string
  /** Worker to count. */
  readonly min: Readonly<Record<string, number>>
  readonly max: Readonly<Record<string, number>>
}

/** The scaler's settings for the whole stack. */
export interface Scaling {
  readonly intervalMs: number
  readonly schedules: Readonly<Record<string, Schedule>>
  readonly forecast?: { readonly enabled: boolean; readonly lookBackMs: number; readonly horizonMs: number }
  /** In the currency of the cluster's prices. */
  readonly budget?: { readonly enabled: boolean; readonly maxPerHour: number }
  /** `webhook` is the name of a secret. */
  readonly alerts?: { readonly enabled: boolean; readonly webhook: string; readonly on: readonly string[] }
}
