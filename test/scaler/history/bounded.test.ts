import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { databaseTable } from '../../../scaler/history/database-table.ts'
import { groupOf } from '../../../scaler/history/group-of.ts'
import { HOUR_MS } from '../../../scaler/history/hour-runs.ts'
import { memoryTable } from '../../../scaler/history/memory-table.ts'
import type { HistoryTable } from '../../../scaler/history/table.ts'
import { anEvent } from './events.ts'

const DAY = 24 * HOUR_MS
const NOW = 20_000 * DAY
const MB = 1024 ** 2
let folder: string
let table: HistoryTable

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-history-'))
  table = databaseTable({ folder, maxBytes: 8 * MB, keepMs: 30 * DAY })
})
afterEach(async () => {
  await table.close()
  rmSync(folder, { recursive: true, force: true })
})

function add(to: HistoryTable, id: number, at: number, filling = ''): void {
  const event = anEvent(id, at, 'heavy', filling)
  to.add({ at, group: groupOf(event), event })
}

async function pruneAll(now: number): Promise<void> {
  for (let steps = 0; table.prune(now); steps++) {
    expect(steps).toBeLessThan(1000)
    await sleep(60)
  }
  await sleep(60)
}

it('removes what is too old, a part at a time', async () => {
  for (let id = 1; id <= 2500; id++) add(table, id, NOW + id)
  await sleep(100)
  expect(table.prune(NOW + 30 * DAY + 2401)).toBe(true)
  await sleep(100)
  expect(table.find({ limit: 1000, before: NOW + 251 })).toEqual([])
  await pruneAll(NOW + 30 * DAY + 2401)
  expect(table.find({ limit: 1000 })).toHaveLength(100)
  expect(table.find({ limit: 1000, group: 'default/heavy/heavy' })).toHaveLength(100)
})

it('keeps the file within its size, and the newest in it', async () => {
  let id = 0
  for (let round = 0; round < 12; round++) {
    // Nothing that compresses well: 2 MB a round.
    for (let one = 0; one < 500; one++)
      add(table, ++id, NOW + id, Array.from({ length: 200 }, () => Math.random().toString(36)).join(''))
    await sleep(60)
    await pruneAll(NOW + id)
  }
  expect(statSync(join(folder, 'data.mdb')).size).toBeLessThan(10 * MB)
  const kept = table.find({ limit: 1000 })
  expect(kept.length).toBeGreaterThan(100)
  expect(kept[0]?.event.id).toBe(id)
})

it('removes the hours of more than a week ago', async () => {
  const hour = NOW / HOUR_MS
  for (let back = 0; back < 200; back++)
    table.setHour('g', hour - back, [[0, 59, 1, 1, 0, null, null, null, null]])
  await sleep(100)
  await pruneAll(NOW)
  expect(table.hour('g', hour - 168)).toBeDefined()
  expect(table.hour('g', hour - 169)).toBeUndefined()
})

it('is bounded in memory, too', () => {
  const memory = memoryTable()
  for (let id = 1; id <= 10_000; id++) add(memory, id, NOW + id)
  for (let hour = 1; hour <= 20_000; hour++) memory.setHour('g', hour, [])
  expect(memory.find({ limit: 5000 })).toHaveLength(1000)
  expect(memory.find({ limit: 1, before: NOW + 7000 })).toEqual([])
  expect(memory.hour('g', 10_000)).toBeUndefined()
  expect(memory.hour('g', 10_001)).toBeDefined()
})
