import { expect, it } from 'vitest'
import { logEvent } from '../../../scaler/daemon/log-events.ts'
import type { ScalerEvent, ScalerFact } from '../../../scaler/reports.ts'
import type { Scale } from '../../../src/core/scaling/decision.ts'
import { createLog } from '../../../src/log/create-log.ts'
import { aHold, anEvent, POLICY } from '../history/events.ts'

const { group } = POLICY
const SCALE: Scale = {
  kind: 'scale',
  group,
  at: 0,
  reasons: [],
  from: 0,
  to: 4,
  cause: 'grow',
  jobModifyIndex: 7,
}
const READY = { status: 'ready', since: 0 } as const
const LOST = { status: 'lost', since: 0 } as const
const decided = anEvent(1, 0) as Extract<ScalerEvent, { kind: 'decision' }>
const { inputs } = decided
const MORE = { time: '1970-01-01T00:00:00.000Z', message: 'in words' }
const HEAVY = { ...MORE, group: 'heavy' }

it.each<[name: string, fact: ScalerFact, line: object | undefined]>([
  [
    'the same decision again',
    { kind: 'decision', group, decision: aHold(0), isNews: false, inputs },
    undefined,
  ],
  [
    'a scale',
    { kind: 'decision', group, decision: SCALE, isNews: true, inputs },
    { ...HEAVY, level: 'info', kind: 'decision', decision: 'scale', from: 0, to: 4, cause: 'grow' },
  ],
  [
    'a hold for want of knowledge',
    { kind: 'decision', group, decision: aHold(0, 'no-sample'), isNews: true, inputs },
    { ...HEAVY, level: 'warn', kind: 'decision', decision: 'hold', count: 0, because: 'no-sample' },
  ],
  [
    'an action',
    { kind: 'action', group, decision: SCALE, answer: { ok: true, attempts: 1 }, tookMs: 5.4 },
    {
      ...HEAVY,
      level: 'info',
      kind: 'action',
      action: 'scale',
      from: 0,
      to: 4,
      cause: 'grow',
      answer: 'ok',
      tookMs: 5,
    },
  ],
  [
    'a refusal',
    {
      kind: 'action',
      group,
      decision: { kind: 'retire', group, at: 0, reasons: [], allocations: ['5f1c02aa-1b7e'] },
      answer: { ok: false, refusal: 'forbidden', message: 'no', mayBeDone: false, attempts: 1 },
      tookMs: 1,
    },
    {
      ...HEAVY,
      level: 'warn',
      kind: 'action',
      action: 'retire',
      allocations: ['5f1c02aa'],
      answer: 'forbidden',
      tookMs: 1,
    },
  ],
  ['a sight', { kind: 'observed', group, what: 'x' }, { ...HEAVY, level: 'info', kind: 'observed' }],
  [
    'a lost source',
    { kind: 'source', source: 'celery', state: { polls: LOST, pushes: READY } },
    { ...MORE, level: 'warn', kind: 'source', source: 'celery' },
  ],
  [
    'a lost Nomad',
    { kind: 'cluster', state: { ...LOST, heardAt: 0, cause: 'no leader' } },
    { ...MORE, level: 'warn', kind: 'cluster' },
  ],
  ['a leader', { kind: 'leader', isLeader: true }, { ...MORE, level: 'info', kind: 'leader' }],
  ['one that leads no more', { kind: 'leader', isLeader: false }, { ...MORE, level: 'warn', kind: 'leader' }],
  [
    'an order',
    { kind: 'order', group, order: 'pause', by: 'me' },
    { ...HEAVY, level: 'info', kind: 'order', order: 'pause', by: 'me' },
  ],
  ['a bad file', { kind: 'config', ok: false }, { ...MORE, level: 'error', kind: 'config' }],
  [
    'an alert',
    { kind: 'alert', alert: { kind: 'at-max', group: 'heavy', message: 'full', since: 0 } },
    { ...MORE, level: 'warn', kind: 'alert', alert: 'at-max', message: 'heavy: full (at-max)' },
  ],
  [
    'its end',
    {
      kind: 'alert',
      alert: { kind: 'at-max', group: 'heavy', message: 'full', since: 0, resolvedAt: 185_000 },
    },
    {
      ...MORE,
      level: 'info',
      kind: 'alert',
      alert: 'at-max',
      message: 'resolved after 3m 5s: heavy: full (at-max)',
    },
  ],
])('logs %s', (_, fact, line) => {
  const lines: string[] = []
  const log = createLog({
    level: 'info',
    format: 'json',
    stream: { write: (text) => lines.push(text) },
    now: () => 0,
  })
  logEvent(log, { id: 1, at: 0, message: 'in words', ...fact })
  expect(lines.map((text) => JSON.parse(text))).toEqual(line === undefined ? [] : [line])
})
