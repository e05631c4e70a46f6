import type { GroupReport } from '../reports.ts'

/** A hold since something is not known. */
const BLIND: ReadonlySet<string> = new Set(['no-sample', 'stale-sample', 'cluster-blind'])

/** Whether nothing can be decided about the group, for want of knowledge. */
export function isBlind({ decision }: GroupReport): boolean {
  return decision === undefined || (decision.kind === 'hold' && BLIND.has(decision.because))
}

/** What `drover scaler --once --json` says of each group. */
export function onceReport(groups: readonly GroupReport[]) {
  return groups.map(({ name, desired, live, waiting, active, decision, explained }) => ({
    group: name,
    desired,
    live,
    waiting,
    active,
    decision,
    explained,
  }))
}

export function onceTable(groups: readonly GroupReport[]) {
  return {
    head: ['group', 'count', 'live', 'waiting', 'active', 'decision'],
    rows: groups.map((report) => [
      report.name,
      report.desired,
      report.live,
      report.waiting ?? '-',
      report.active ?? '-',
      report.explained ?? 'nothing is known of it',
    ]),
    right: [1, 2, 3, 4],
  }
}
