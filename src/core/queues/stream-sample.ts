import { compact } from '../compact.ts'
import type { QueueReading, QueueSample, WorkerState } from '../scaling/sample.ts'
import { allocationOf } from './allocation.ts'
import { wakeAt } from './wake.ts'

/**
 * A stream and one of its consumer groups, in one row: the length; the group's pending entries, its lag, the id of the
 * first entry that it has not taken; and its consumers as {name, pending, idle ms}. A group that does not exist has
 * taken nothing. KEYS: the streams; ARGV: the group.
 */
export const STREAM_SCRIPT = `
local call = redis.call
local function pairsOf(flat)
  local map = {}
  for i = 1, #flat, 2 do map[flat[i]] = flat[i + 1] end
  return map
end
local function firstId(key, from)
  local entry = call('XRANGE', key, from, '+', 'COUNT', 1)[1]
  return entry and entry[1] or ''
end
local function read(key)
  if call('EXISTS', key) == 0 then return {0, 0, 0, '', {}} end
  local length = call('XLEN', key)
  for _, flat in ipairs(call('XINFO', 'GROUPS', key)) do
    local group = pairsOf(flat)
    if group.name == ARGV[1] then
      local consumers = {}
      for i, consumer in ipairs(call('XINFO', 'CONSUMERS', key, ARGV[1])) do
        local of = pairsOf(consumer)
        consumers[i] = {of.name, of.pending, of.idle}
      end
      return {length, group.pending, group.lag or -1, firstId(key, '(' .. group['last-delivered-id']), consumers}
    end
  end
  return {length, 0, length, firstId(key, '-'), {}}
end
local rows = {}
for i = 1, #KEYS do
  local ok, row = pcall(read, KEYS[i])
  rows[i] = ok and row or tostring(type(row) == 'table' and row.err or row)
end
return rows
`

export type StreamRow = readonly [
  length: number,
  pending: number,
  lag: number,
  firstId: string,
  consumers: readonly (readonly [name: string, pending: number, idleMs: number])[],
]

/** A row of STREAM_SCRIPT as a reading: after entries were deleted Redis cannot tell the lag, and so can't we. */
export function streamReading(queue: string, row: StreamRow, at: number): QueueReading {
  const [, pending, lag, firstId] = row
  // Nothing after the last entry that was taken: then there is no lag, whatever was deleted.
  const waiting = firstId === '' ? 0 : lag
  if (waiting < 0)
    return {
      ok: false,
      cause: { code: 'no-data', message: 'Redis does not know the lag of the consumer group' },
    }
  const sample: QueueSample = compact({
    queue,
    at,
    waiting,
    active: pending,
    oldestAgeMs: firstId === '' ? undefined : Math.max(0, at - Number(firstId.split('-')[0])),
  })
  return { ok: true, sample: compact({ ...sample, needsWakeAt: wakeAt(sample) }) }
}

/** The consumers of several streams, by name; what they have taken and not acknowledged is what they do. */
export function streamWorkers(rows: ReadonlyMap<string, StreamRow>, at: number): WorkerState[] {
  const workers = new Map<string, { busy: number; idleMs: number; queues: string[] }>()
  for (const [queue, row] of rows)
    for (const [name, pending, idleMs] of row[4]) {
      const known = workers.get(name) ?? { busy: 0, idleMs, queues: [] }
      workers.set(name, {
        busy: known.busy + pending,
        idleMs: Math.min(known.idleMs, idleMs),
        queues: [...known.queues, queue],
      })
    }
  return [...workers].map(([worker, { busy, idleMs, queues }]) => ({
    worker,
    ...allocationOf(worker),
    busy,
    queues,
    seenAt: at - idleMs,
  }))
}
