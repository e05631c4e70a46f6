import { compact } from '../../src/core/compact.ts'
import type { AlertReport } from '../reports.ts'
import type { Condition } from './conditions.ts'

/** What is wrong, by the key of its condition: waiting to be told, or told and not resolved. */
export type AlertState = ReadonlyMap<string, Watched>

interface Watched {
  readonly since: number
  /** When it was last seen. */
  readonly seenAt: number
  readonly grownFrom?: number
  /** Present when it has been told. */
  readonly alert?: AlertReport
}

export const NO_ALERTS: AlertState = new Map()

/** What is gone must stay away so long before it is resolved: what comes and goes is told once. */
export const CALM_MS = 60_000

/**
 * What is to be told now: each condition once when it has lasted as long as it must, and once more, with
 * `resolvedAt`, when it has been gone for a minute.
 */
export function alertsOf(
  previous: AlertState,
  conditions: readonly Condition[],
  now: number,
): { readonly state: AlertState; readonly told: readonly AlertReport[] } {
  const state = new Map<string, Watched>()
  const told: AlertReport[] = []
  for (const condition of conditions) {
    const { key, growing } = condition
    const before: Watched = previous.get(key) ?? compact({ since: now, seenAt: now, grownFrom: growing })
    const alert = before.alert ?? dueAlert(condition, before, now)
    if (alert !== undefined && before.alert === undefined) told.push(alert)
    state.set(key, compact({ ...before, seenAt: now, alert }))
  }
  for (const [key, before] of previous) {
    if (state.has(key)) continue
    const { alert, seenAt } = before
    // What was not told yet is forgotten; what was told is resolved, and the clock may have been set back.
    if (alert === undefined) continue
    if (now - seenAt >= CALM_MS || now < seenAt) told.push({ ...alert, resolvedAt: now })
    else state.set(key, before)
  }
  return { state, told }
}

/** Those told and not resolved. */
export function activeAlerts(state: AlertState): AlertReport[] {
  return [...state.values()].flatMap(({ alert }) => alert ?? [])
}

function dueAlert(condition: Condition, watched: Watched, now: number): AlertReport | undefined {
  const { kind, group, message, waitMs, growing } = condition
  if (now - watched.since < waitMs) return undefined
  if (growing !== undefined && growing <= (watched.grownFrom ?? 0)) return undefined
  return compact({ kind, group, message, since: watched.since })
}
