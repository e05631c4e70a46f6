import type { GroupReport } from '../../../scaler/reports.ts'
import type { GroupView } from '../../../src/adapters/scaler-client.ts'
import type { WatchState } from '../../../src/cli/watch-status/state.ts'
import { HEAVY, MAILER, NOW, READY, reportOf } from '../../scaler/fake-scaler.ts'

/** A report as a client reads it. */
export function viewOf(...report: Parameters<typeof reportOf>): GroupView {
  return reportOf(...report) as GroupReport as GroupView
}

/** Three groups: one grows, one is paused, one is not there. */
export function aState(changes: Partial<WatchState> = {}): WatchState {
  const groups = [
    viewOf(HEAVY, {
      live: 3,
      busy: 2,
      idle: 0,
      starting: 1,
      waiting: 12,
      oldestAgeMs: 48_900,
      decidedSince: NOW - 5000,
      explained: '1 -> 4: 12 waiting and 2 active need 14, at most 4',
    }),
    viewOf(MAILER, {
      live: 12,
      busy: 7,
      idle: 4,
      unknown: 1,
      bounds: { min: 1, max: 40, by: 'policy' },
      waiting: 0,
      decidedSince: NOW - 7_200_000,
      explained: 'holds 12: paused by anna',
      paused: { since: NOW - 60_000, by: 'anna', reason: 'slow database' },
    }),
    viewOf(
      { namespace: 'default', job: 'nightly', group: 'nightly' },
      { job: 'missing', desired: 0, live: 0, busy: 0 },
    ),
  ]
  return {
    address: 'http://127.0.0.1:7646',
    status: { health: READY as WatchState['status']['health'], groups },
    events: [
      { at: NOW - 5000, message: 'worker_heavy: 1 -> 4: 12 waiting and 2 active need 14, at most 4' },
      { at: NOW - 4990, message: 'worker_heavy: Nomad took it in 9 ms' },
    ],
    now: NOW,
    ...changes,
  }
}
