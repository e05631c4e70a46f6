import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type HistoryOptions, openHistory } from '../../../scaler/history/open-history.ts'
import type { History } from '../../../scaler/reports.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { anEvent, aReport } from './events.ts'

const HOUR = 3_600_000
const NOW = 500_000 * HOUR
let folder: string
let said: string[]
const open: History[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-history-'))
  said = []
})
afterEach(async () => {
  for (const history of open.splice(0)) await history.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(options: Partial<HistoryOptions> = {}): Promise<History> {
  const history = await openHistory({
    folder,
    maxBytes: 64 * 1024 ** 2,
    keepMs: 30 * 24 * HOUR,
    clock: { now: () => NOW },
    warn: (message) => said.push(message),
    ...options,
  })
  open.push(history)
  return history
}

const found = (history: History, query: Partial<Parameters<History['find']>[0]> = {}) =>
  history.find({ limit: 100, ...query }).map(({ event }) => event.message)

function untilFound(history: History, count: number) {
  return waitUntil(
    'entries are written',
    async () => (history.find({ limit: 1000 }).length === count ? true : undefined),
    { everyMs: 10, withinMs: 5000 },
  )
}

describe.each([
  ['a folder', {}],
  ['memory', { folder: undefined as never }],
])('history in %s', (_, options) => {
  it('finds the newest first, by group and by time', async () => {
    const history = await start(options)
    for (let id = 1; id <= 9; id++) history.add(anEvent(id, NOW + id * 10, id % 3 === 0 ? 'light' : 'heavy'))
    await untilFound(history, 9)
    expect(found(history, { limit: 3 })).toEqual(['light 9', 'heavy 8', 'heavy 7'])
    expect(found(history, { group: 'light' })).toEqual(['light 9', 'light 6', 'light 3'])
    expect(found(history, { group: 'default/heavy/heavy', limit: 2 })).toEqual(['heavy 8', 'heavy 7'])
    expect(found(history, { before: NOW + 40 })).toEqual(['light 3', 'heavy 2', 'heavy 1'])
    expect(found(history, { after: NOW + 70 })).toEqual(['light 9', 'heavy 8'])
    expect(found(history, { group: 'heavy', before: NOW + 70, after: NOW + 20 })).toEqual([
      'heavy 5',
      'heavy 4',
    ])
    expect(found(history, { group: 'nobody' })).toEqual([])
    expect(said).toEqual([])
  })

  it('keeps what is news, and events of no group', async () => {
    const history = await start(options)
    history.add({ ...anEvent(1, NOW), isNews: false } as never)
    history.add({ ...anEvent(1, NOW), isFollower: true } as never)
    history.add({ id: 2, at: NOW + 1, message: 'leads', kind: 'leader', isLeader: true })
    const alert = { kind: 'at-max', group: 'shop/mailer', message: 'm', since: NOW } as const
    history.add({ id: 3, at: NOW + 2, message: 'alert', kind: 'alert', alert })
    await untilFound(history, 2)
    expect(found(history)).toEqual(['alert', 'leads'])
    expect(history.find({ limit: 9, group: 'default/shop/mailer' })).toHaveLength(1)
  })

  it('draws series: a point a minute, what is unknown absent, gaps left open', async () => {
    const history = await start({ ...options, clock: { now: () => NOW + 2 * HOUR } })
    const minute = (count: number) => NOW + count * 60_000
    history.record([aReport({ desired: 1 })], minute(0))
    history.record([aReport({ desired: 9 })], minute(0) + 30_000)
    history.record([aReport({ desired: 1 })], minute(1))
    history.record([aReport({ desired: 2, waiting: 3, costPerHour: 0.5 })], minute(2))
    history.record([aReport({ desired: 2, waiting: 3, costPerHour: 0.5 })], minute(61))
    const point = { live: 0, busy: 0 }
    const last = { ...point, desired: 2, waiting: 3, costPerHour: 0.5 }
    await waitUntil('written', async () => history.series('heavy', NOW, NOW + HOUR - 1)[2], { everyMs: 10 })
    expect(history.series('heavy', NOW, NOW + 2 * HOUR)).toEqual([
      { ...point, at: minute(0), desired: 1 },
      { ...point, at: minute(1), desired: 1 },
      { ...last, at: minute(2) },
      { ...last, at: minute(61) },
    ])
    expect(history.series('heavy', minute(2), minute(3))).toHaveLength(1)
    expect(history.series('light', NOW, NOW + 2 * HOUR)).toEqual([])
    expect(history.series('heavy', 0, Number.MAX_SAFE_INTEGER)).toHaveLength(4)
  })
})

describe('history in a folder', () => {
  it('is there again after a restart, and goes on with the hour', async () => {
    const first = await start()
    first.add(anEvent(1, NOW))
    first.record([aReport()], NOW)
    await first.close()
    const second = await start()
    second.record([aReport()], NOW + 60_000)
    expect(found(second)).toEqual(['heavy 1'])
    expect(second.series('heavy', NOW, NOW + HOUR)).toHaveLength(2)
    expect(said).toEqual([])
  })

  it('keeps an entry that is too large without its inputs', async () => {
    const history = await start()
    history.add(anEvent(1, NOW, 'heavy', 'x'.repeat(300_000)))
    await untilFound(history, 1)
    expect(JSON.stringify(history.find({ limit: 1 }))).toContain('too large to be kept')
  })

  it('keeps what was decided from, but not the names of tasks', async () => {
    const history = await start()
    const event = anEvent(1, NOW)
    if (event.kind !== 'decision') throw new Error('not a decision')
    const worker = { worker: 'w', busy: 1, seenAt: NOW }
    const tasks = [{ name: 'x'.repeat(300_000), id: '1', since: NOW }]
    const workers = { ok: true, workers: [{ ...worker, tasks }] } as const
    history.add({ ...event, inputs: { ...event.inputs, workers } })
    await untilFound(history, 1)
    expect(history.find({ limit: 1 })[0]?.event).toMatchObject({ inputs: { workers: { workers: [worker] } } })
    expect(JSON.stringify(history.find({ limit: 1 }))).not.toContain('tasks')
  })

  it('is not shared by two, and says so', async () => {
    const first = await start()
    first.add(anEvent(1, NOW))
    const second = await start()
    expect(said).toEqual([
      `history is kept in memory only, and lost at the end: ${folder}: another process keeps its history there`,
    ])
    second.add(anEvent(2, NOW))
    expect(found(second)).toEqual(['heavy 2'])
    await untilFound(first, 1)
    await first.close()
    await start()
    expect(said).toHaveLength(1)
  })

  it.each<[string, (file: string) => void]>([
    ['is no database', (file) => writeFileSync(file, 'garbage\n'.repeat(9000))],
    ['is cut short', (file) => truncateSync(file, 5000)],
    ['is cut short', (file) => truncateSync(file, 1_000_000)],
    ['it ended the process that opened it last', (file) => writeFileSync(join(file, '../opening'), '')],
  ])('begins anew when the file %s', async (why, damage) => {
    const first = await start()
    for (let id = 1; id <= 400; id++)
      first.add(anEvent(id, NOW + id, 'heavy', randomBytes(8000).toString('hex')))
    await first.close()
    expect(statSync(join(folder, 'data.mdb')).size).toBeGreaterThan(3_000_000)
    damage(join(folder, 'data.mdb'))
    const second = await start()
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(why)
    expect(existsSync(join(folder, 'data.mdb.damaged'))).toBe(true)
    second.add(anEvent(1, NOW))
    await untilFound(second, 1)
    await second.close()
    said = []
    await start()
    expect(said).toEqual([])
  })

  it.each<[string, () => string]>([
    [
      'a file in its place',
      () => {
        writeFileSync(join(folder, 'file'), '')
        return join(folder, 'file', 'history')
      },
    ],
    ['no folder', () => '/dev/null/history'],
    [
      'a folder in place of the file',
      () => {
        mkdirSync(join(folder, 'data.mdb'))
        return folder
      },
    ],
  ])('does without: %s', async (_, make) => {
    const history = await start({ folder: make() })
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('history is kept in memory only')
    history.add(anEvent(1, NOW))
    expect(found(history)).toEqual(['heavy 1'])
  })

  it('works with a path that is longer than a socket may have', async () => {
    const deep = join(folder, 'a'.repeat(90), 'history')
    await start({ folder: deep })
    await start({ folder: deep })
    expect(said).toHaveLength(1)
    expect(readdirSync(deep)).not.toContain('owner.sock')
  })
})
