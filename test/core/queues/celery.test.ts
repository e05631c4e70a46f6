import { describe, expect, it } from 'vitest'
import { type CeleryEvent, parseCeleryEvents } from '../../../src/core/queues/celery-event.ts'
import { createCeleryLedger, LISTEN_MS } from '../../../src/core/queues/celery-ledger.ts'
import { splitUnacked } from '../../../src/core/queues/celery-sample.ts'
import type { CeleryUnacked } from '../../../src/core/queues/celery-script.ts'
import type { Unacked } from '../../../src/core/scaling/sample.ts'

const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString('utf8')
const message = (body: unknown, encoding = 'base64') => {
  const text = JSON.stringify(body)
  return JSON.stringify({
    body: encoding === 'base64' ? Buffer.from(text).toString('base64') : text,
    properties: { body_encoding: encoding },
  })
}

describe('parseCeleryEvents', () => {
  it.each<[what: string, text: string, types: string[]]>([
    ['one event', message({ type: 'worker-heartbeat', hostname: 'w', active: 1 }), ['worker-heartbeat']],
    [
      'a batch',
      message([
        { type: 'task-sent', hostname: 'w' },
        { type: 'task-started', hostname: 'w' },
      ]),
      ['task-sent', 'task-started'],
    ],
    ['a body that is not encoded', message({ type: 'x', hostname: 'w' }, 'utf-8'), ['x']],
    ['one bad event in a batch', message([{ type: 1 }, { type: 'x', hostname: 'w' }]), ['x']],
    ['no JSON', 'x', []],
    ['no envelope', '[]', []],
    ['no JSON inside', JSON.stringify({ body: '{' }), []],
  ])('reads %s', (_, text, types) => {
    expect(parseCeleryEvents(text, fromBase64).map(({ type }) => type)).toEqual(types)
  })
})

describe('the ledger', () => {
  const NOW = LISTEN_MS
  const beat = (hostname: string, active: number): CeleryEvent => ({
    type: 'worker-heartbeat',
    hostname,
    active,
    freq: 2,
  })
  const task = (type: string, uuid: string, hostname = 'w'): CeleryEvent => ({
    type: `task-${type}`,
    uuid,
    hostname,
    name: 'nap',
  })
  const sent = (uuid: string, queue = 'q'): CeleryEvent => ({
    type: 'task-sent',
    uuid,
    hostname: 'client',
    queue,
    timestamp: 0,
  })
  const ledgerOf = (events: readonly CeleryEvent[], at = NOW) => {
    const ledger = createCeleryLedger(0)
    for (const event of events) ledger.apply(event, at)
    return ledger
  }

  it('is busy with what the heartbeat or the events say, whichever is more', () => {
    const busy = (...events: CeleryEvent[]) => ledgerOf(events).workers(NOW)[0]?.busy
    expect(busy(beat('w', 2))).toBe(2)
    expect(busy(beat('w', 0), task('started', 'a'))).toBe(1)
    expect(busy(beat('w', 1), task('started', 'a'), task('succeeded', 'a'))).toBe(0)
    expect(busy(task('started', 'a'))).toBeUndefined()
  })

  it('does not know a worker that has fallen silent, and forgets it in the end', () => {
    const ledger = ledgerOf([beat('w', 0)])
    expect(ledger.workers(NOW + 5000)[0]?.busy).toBe(0)
    expect(ledger.workers(NOW + 7000)[0]).not.toHaveProperty('busy')
    expect(ledger.workers(NOW + 61_000)).toEqual([])
    expect(ledgerOf([beat('w', 0), { type: 'worker-offline', hostname: 'w' }]).workers(NOW)).toEqual([])
  })

  it('names what runs where events have told the name, with its queue where that was told too', () => {
    const tasks = (at: number, ...events: CeleryEvent[]) => ledgerOf(events).workers(at)[0]?.tasks
    const started = (uuid: string): CeleryEvent => ({ type: 'task-started', uuid, hostname: 'w' })
    const a = [beat('w', 1), task('received', 'a'), started('a')]
    expect(tasks(NOW, ...a)).toEqual([{ name: 'nap', id: 'a', since: NOW }])
    expect(tasks(NOW, sent('a'), ...a)).toEqual([{ queue: 'q', name: 'nap', id: 'a', since: NOW }])
    expect(tasks(NOW, ...a, task('succeeded', 'a'))).toBeUndefined()
    expect(tasks(NOW, beat('w', 1), started('a'))).toBeUndefined()
    expect(tasks(NOW + 7000, ...a)).toBeUndefined()
    const many = Array.from({ length: 30 }, (_, index) => [task('received', `${index}`), started(`${index}`)])
    expect(tasks(NOW, beat('w', 30), ...many.flat())).toHaveLength(20)
  })

  it('is not kept busy by an end that was missed', () => {
    const ledger = ledgerOf([beat('w', 1), task('started', 'a')])
    ledger.apply(beat('w', 0), NOW + 2000)
    expect(ledger.workers(NOW + 2000)[0]?.busy).toBe(0)
  })

  it('learns how long tasks take, and how many finish in a minute', () => {
    const ledger = createCeleryLedger(0)
    for (const [uuid, runtime] of [
      ['a', 1],
      ['b', 3],
    ] as const) {
      ledger.apply(sent(uuid), 60_000)
      ledger.apply(task('received', uuid), 60_000)
      ledger.apply({ ...task('succeeded', uuid), runtime }, 60_000)
    }
    expect(ledger.durations().get('nap')).toEqual({ count: 2, meanMs: 2000, maxMs: 3000 })
    expect(ledger.finishedPerMin('q', 60_001)).toBe(2)
    expect(ledger.finishedPerMin('q', 30_000)).toBeUndefined()
    ledger.startOver(61_000)
    expect(ledger.finishedPerMin('q', 62_000)).toBeUndefined()
  })

  it('forgets the oldest tasks, and no more than that', () => {
    const ledger = createCeleryLedger(0)
    for (let index = 0; index <= 50_000; index++) ledger.apply(sent(String(index)), NOW)
    expect(ledger.task('0')).toBeUndefined()
    expect(ledger.task('1')).toBeDefined()
  })

  const row = (id: string, eta = '', queue = 'q') => [queue, id, eta] as const
  const FUTURE = '2100-01-01T00:00:00+00:00'
  it.each<[what: string, events: CeleryEvent[], unacked: CeleryUnacked, split: Unacked | undefined]>([
    ['nothing', [beat('w', 0)], [0, []], { total: 0, running: 0, prefetched: 0, eta: 0, orphaned: 0 }],
    ['no events at all', [], [0, []], { total: 0, running: 0, prefetched: 0, eta: 0, orphaned: 0 }],
    [
      'running and held',
      [beat('w', 1), task('received', 'b'), task('started', 'a')],
      [2, [row('a'), row('b')]],
      { total: 2, running: 1, prefetched: 1, eta: 0, orphaned: 0 },
    ],
    [
      'announced',
      [beat('w', 0), task('received', 'a')],
      [1, [row('a', FUTURE)]],
      { total: 1, running: 0, prefetched: 0, eta: 1, orphaned: 0 },
    ],
    ['events off, something runs', [beat('w', 1)], [2, [row('a'), row('b')]], { total: 2, eta: 0 }],
    ['events off, nothing runs', [beat('w', 0)], [1, [row('a')]], { total: 1, running: 0, eta: 0 }],
    ['acknowledged early, events off', [beat('w', 1)], [0, []], { total: 0, eta: 0 }],
    [
      'acknowledged early, events on',
      [sent('a'), beat('w', 1), task('started', 'a')],
      [0, []],
      { total: 0, running: 1, prefetched: 0, eta: 0, orphaned: 0 },
    ],
    [
      'of another queue',
      [beat('w', 0)],
      [1, [row('a', '', 'other')]],
      { total: 0, running: 0, prefetched: 0, eta: 0, orphaned: 0 },
    ],
    [
      'a name that is not ASCII',
      [beat('w', 0)],
      [1, [['\\u0071', 'a', '']]],
      { total: 1, running: 0, eta: 0 },
    ],
    ['too many to look at', [beat('w', 1)], [9000], undefined],
  ])('splits: %s', (_, events, unacked, split) => {
    expect(splitUnacked(unacked, ['q'], ledgerOf(events), NOW).get('q')).toEqual(split)
  })

  it('calls what a silent worker holds orphaned', () => {
    const ledger = ledgerOf([beat('w', 1), beat('v', 0), task('started', 'a')])
    ledger.apply(beat('v', 0), NOW + 10_000)
    expect(splitUnacked([1, [row('a')]], ['q'], ledger, NOW + 10_000).get('q')).toEqual({
      total: 1,
      running: 0,
      prefetched: 0,
      eta: 0,
      orphaned: 1,
    })
  })

  it('does not say what runs before every worker could be heard', () => {
    const ledger = createCeleryLedger(NOW)
    ledger.apply(beat('w', 0), NOW)
    expect(splitUnacked([0, []], ['q'], ledger, NOW + 1).get('q')).toEqual({ total: 0, eta: 0 })
  })
})
