import type { GroupFacts } from '../../consul/group-health.ts'

/** A worker group of four that has nothing to do, as the scaler would report it. */
export function groupFacts(name = 'mailer', more: Partial<GroupFacts> = {}): GroupFacts {
  return {
    group: { namespace: 'default', job: name, group: name },
    policy: { queues: ['mail'], origin: 'stack', startUpMs: 30_000, targetAgeMs: 60_000 },
    bounds: { min: 0, max: 4, by: 'policy' },
    job: 'present',
    desired: 4,
    live: 4,
    starting: 0,
    busy: 0,
    idle: 4,
    unknown: 0,
    waiting: 0,
    workers: [],
    alerts: [],
    ...more,
  }
}
