import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Alerts, startAlerts } from '../../../scaler/alerts/start-alerts.ts'
import type { AlertReport, GroupReport, ScalerHealth } from '../../../scaler/reports.ts'
import { aReport } from '../history/events.ts'

const FULL = { desired: 4, live: 4, oldestAgeMs: 90_000, waiting: 3 }

describe('startAlerts', () => {
  let groups: GroupReport[]
  let health: ScalerHealth
  let on: readonly string[] | undefined
  let sent: string[]
  let told: AlertReport[]
  let alerts: Alerts

  beforeEach(() => {
    vi.useFakeTimers({ now: 1e12 })
    groups = [aReport(FULL)]
    health = {
      live: true,
      ready: true,
      problems: [],
      isLeader: true,
      cluster: { status: 'ready', since: 0, heardAt: 0 },
      sources: {},
      dryRun: false,
      startedAt: 0,
    }
    on = undefined
    sent = []
    told = []
    alerts = startAlerts({
      scaler: { groups: () => groups, health: () => health },
      clock: { now: Date.now },
      title: 'drover shop',
      settings: () => ({ afterMs: 60_000, maxAgeMs: 60_000, ...(on === undefined ? {} : { on }) }),
      webhook: () => ({ send: (lines) => sent.push(...lines), close: async () => {} }),
      onAlert: (alert) => told.push(alert),
    })
  })
  afterEach(() => {
    alerts.close()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('sends each once, and its end, with the name of the stack', () => {
    vi.advanceTimersByTime(100_000)
    expect(sent).toEqual([
      'drover shop: heavy: the oldest of 3 waiting has waited 1m 30s, the target is 1m (backlog-over-threshold)',
    ])
    expect(alerts.withAlerts(aReport()).alerts).toHaveLength(1)
    expect(alerts.withAlerts(aReport({ name: 'light' })).alerts).toEqual([])
    groups = [aReport()]
    vi.advanceTimersByTime(100_000)
    expect(sent).toHaveLength(2)
    expect(sent[1]).toMatch(/^drover shop: resolved after \d+m.*: heavy: the oldest/)
    expect(alerts.active()).toEqual([])
    expect(told).toHaveLength(2)
  })

  it.each<[string, () => void]>([
    ['a follower', () => (health = { ...health, isLeader: false })],
    ['a dry run', () => (health = { ...health, dryRun: true })],
  ])('tells the others within it, but sends nothing as %s', (_, make) => {
    make()
    vi.advanceTimersByTime(30_000)
    expect(told).toHaveLength(1)
    expect(sent).toEqual([])
  })

  it('does not tell again what another leader has told before it led', () => {
    health = { ...health, isLeader: false }
    vi.advanceTimersByTime(30_000)
    health = { ...health, isLeader: true }
    vi.advanceTimersByTime(30_000)
    expect(sent).toEqual([])
  })

  it('leaves out what nobody wants', () => {
    on = ['budget-reached']
    vi.advanceTimersByTime(100_000)
    expect(told).toEqual([])
  })
})
