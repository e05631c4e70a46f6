/** The counts of a plan, as its annotations tell them. */
export interface DesiredUpdates {
  readonly Canary: number
  readonly DestructiveUpdate: number
  readonly Disconnect: number
  readonly Ignore: number
  readonly InPlaceUpdate: number
  readonly Migrate: number
  readonly Place: number
  readonly Preemptions: number
  readonly Reconnect: number
  readonly RescheduleLater: number
  readonly RescheduleNow: number
  readonly Stop: number
}

export const NO_UPDATES: DesiredUpdates = {
  Canary: 0,
  DestructiveUpdate: 0,
  Disconnect: 0,
  Ignore: 0,
  InPlaceUpdate: 0,
  Migrate: 0,
  Place: 0,
  Preemptions: 0,
  Reconnect: 0,
  RescheduleLater: 0,
  RescheduleNow: 0,
  Stop: 0,
}
