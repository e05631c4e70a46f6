import type { Decision, HoldReason, Reason } from './decision.ts'
import { DRAINED } from './vacate.ts'

/** A decision in one line: "2 -> 4: 7 waiting + 1 active over 2 a worker needs 4". */
export function explainDecision(decision: Decision): string {
  switch (decision.kind) {
    case 'scale':
      return `${decision.from} -> ${decision.to}: ${whyScale(decision)}`
    case 'retire':
      return `retire ${names(decision.allocations)}: idle, and ${isVacated(decision) ? 'on a node that is drained' : enough(decision)}`
    case 'cordon':
      return `cordon ${names(decision.allocations)}: idle, and ${enough(decision)}`
    case 'lift':
      return `lift ${names(decision.allocations)}: needed after all; ${votes(decision)}`
    case 'hold':
      return `hold ${decision.count}: ${HOLDS[decision.because]}${holdDetail(decision)}`
  }
}

/** Every step of the way to a decision, one line each. */
export function explainReasons(decision: Decision): string[] {
  return decision.reasons.map(explainReason)
}

/** Every reason to change nothing, in words. */
export const HOLDS: Readonly<Record<HoldReason, string>> = {
  steady: 'as many as needed',
  'keep-alive': 'idle, but within the keep-alive',
  cooldown: 'cooldown',
  stabilizing: 'stabilizing',
  'rate-limit': 'no more changes this minute',
  'at-bound': 'at its bound',
  'no-sample': 'not everything is known',
  'stale-sample': 'what is known is too old',
  'not-ready': 'allocations are not ready yet',
  'ends-at-once': 'its workers end by themselves at once',
  'deployment-active': 'a deployment is under way',
  busy: 'too many, but none is known to be idle',
  retiring: 'workers are about to leave',
  paused: 'paused',
  'job-stopped': 'the job is stopped',
  'job-missing': 'Nomad does not have the job',
  'cluster-blind': 'Nomad is not heard of',
}

function whyScale(decision: Extract<Decision, { kind: 'scale' }>): string {
  const clamps = decision.reasons.filter((reason) => reason.kind === 'clamp').map(explainReason)
  switch (decision.cause) {
    case 'grow':
      return [votes(decision), ...clamps].join('; ')
    case 'follow':
      return `workers have left, and ${enough(decision)}`
    case 'refill':
      return `a place is filled again; ${[votes(decision), ...clamps].join('; ')}`
    case 'bounds':
      return `the count was outside of its bounds; ${[votes(decision), ...clamps].join('; ')}`
    case 'idle-run':
      return `the highest allocations are idle, and ${enough(decision)}`
  }
}

function holdDetail(decision: Extract<Decision, { kind: 'hold' }>): string {
  switch (decision.because) {
    case 'steady':
      return `; ${votes(decision)}`
    case 'at-bound':
      return `; ${[votes(decision), ...decision.reasons.filter(({ kind }) => kind === 'clamp').map(explainReason)].join('; ')}`
    case 'no-sample':
    case 'stale-sample':
    case 'cluster-blind': {
      const unknown = decision.reasons.filter((reason) => reason.kind === 'unknown').map(explainReason)
      return unknown.length === 0 ? '' : `; ${unknown.join('; ')}`
    }
    case 'job-missing':
    case 'job-stopped':
      return decision.need === undefined ? '' : `; ${decision.need} needed`
    default: {
      const waits = decision.reasons.filter((reason) => reason.kind === 'wait')
      return waits.map(({ why, untilMs }) => `; ${why}${inSeconds(untilMs, decision.at)}`).join('')
    }
  }
}

function isVacated({ reasons }: Decision): boolean {
  return reasons.some((reason) => reason.kind === 'victim' && reason.why === DRAINED)
}

function enough({ need }: Decision): string {
  return need === undefined ? 'enough are left' : need === 0 ? 'none is needed' : `${need} needed`
}

/** What the strategies said that decided it; all of them while none did. */
function votes({ reasons }: Decision): string {
  const cast = reasons.filter((reason) => reason.kind === 'vote')
  const most = Math.max(...cast.map(({ count = -1 }) => count))
  const [winner] = cast.filter(({ count }) => count === most)
  return most < 0 || winner === undefined ? cast.map(({ why }) => why).join(', ') : winner.why
}

function inSeconds(untilMs: number | undefined, at: number): string {
  return untilMs === undefined ? '' : ` (${Math.max(0, Math.ceil((untilMs - at) / 1000))} s more)`
}

function names(allocations: readonly string[]): string {
  return allocations.map(shortId).join(', ')
}

/** As Nomad's own commands show it. */
function shortId(allocation: string): string {
  return allocation.slice(0, 8)
}

const CLAMPS: Readonly<Record<Extract<Reason, { kind: 'clamp' }>['by'], string>> = {
  min: 'no fewer than min',
  max: 'no more than max',
  schedule: 'the schedule in force',
  budget: 'the budget',
  'by-hand': 'bounds set by hand',
  rate: 'the most per minute',
  cooldown: 'the cooldown',
  stabilization: 'stabilization',
  unknown: 'not everything is known',
}

function explainReason(reason: Reason): string {
  switch (reason.kind) {
    case 'demand': {
      const age = reason.oldestAgeMs === undefined ? '' : `, the oldest for ${seconds(reason.oldestAgeMs)}`
      const busy = reason.busySlots === undefined ? '' : `, ${reason.busySlots} by the workers' own word`
      return `${reason.waiting} waiting${age}; ${reason.active} active${busy}`
    }
    case 'vote':
      return reason.count === undefined
        ? `${reason.strategy} abstains: ${reason.why}`
        : `${reason.strategy} wants ${reason.count}: ${reason.why}`
    case 'clamp':
      return `${reason.to} instead of ${reason.from}: ${CLAMPS[reason.by]}`
    case 'capacity':
      return `${reason.running} running, ${reason.starting} starting, ${reason.retiring} retiring, ${reason.gone} gone`
    case 'victim':
      return `${shortId(reason.allocation)} leaves: ${reason.why}${reason.idleForMs === undefined ? '' : ` for ${seconds(reason.idleForMs)}`}`
    case 'spared':
      return `${shortId(reason.allocation)} stays: ${SPARED[reason.why]}`
    case 'wait':
      return `waiting: ${reason.why}`
    case 'unknown':
      return `${reason.what} is not known: ${reason.message} (${reason.code})`
  }
}

const SPARED: Readonly<Record<Extract<Reason, { kind: 'spared' }>['why'], string>> = {
  busy: 'busy',
  unknown: 'not known to be idle',
  'keep-alive': 'idle, but within the keep-alive or not needed to leave',
  starting: 'starting',
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
