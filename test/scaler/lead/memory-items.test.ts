import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeptMemory, MAX_BYTES, readItems, writeItems } from '../../../scaler/lead/memory-items.ts'
import { NO_MEMORY } from '../../../src/core/scaling/group.ts'

const NOW = 1_800_000_000_000
const time = fc.integer({ min: 0, max: NOW })
const count = fc.nat(1000)
const asked = fc.record(
  { allocation: fc.uuid(), since: time, startedAt: time },
  { requiredKeys: ['allocation', 'since'] },
)
const change = fc.record({ at: time, from: count, to: count })
const kept: fc.Arbitrary<KeptMemory> = fc.record(
  {
    memory: fc
      .record(
        {
          changes: fc.array(change, { maxLength: 5 }),
          retiring: fc.array(asked, { maxLength: 3 }),
          cordoned: fc.array(asked, { maxLength: 3 }),
          paused: fc.record(
            { since: time, by: fc.string(), reason: fc.string() },
            { requiredKeys: ['since'] },
          ),
          bounds: fc.record({ min: count, since: time }),
        },
        { requiredKeys: ['changes', 'retiring', 'cordoned'] },
      )
      .map((memory) => ({ ...NO_MEMORY, ...memory })),
    taggedVersion: count,
    lastChange: change,
  },
  { requiredKeys: ['memory'] },
)

function withChanges(length: number): KeptMemory {
  const changes = Array.from({ length }, (_, n) => ({ at: NOW - n, from: n, to: n + 1 }))
  return { memory: { ...NO_MEMORY, changes } }
}

describe('items', () => {
  it('hold everything, and give it back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), kept, { maxKeys: 8 }), (groups) => {
        const { items, cut } = writeItems(new Map(Object.entries(groups)))
        const read = readItems(JSON.parse(JSON.stringify(items)), NOW)
        expect(cut).toBe(0)
        expect(read.unreadable).toEqual([])
        for (const [key, of] of Object.entries(groups)) {
          const { memory, taggedVersion, lastChange } = of
          const isEmpty =
            Object.keys(memory).length === Object.keys(NO_MEMORY).length &&
            [memory.changes, memory.retiring, memory.cordoned].every((list) => list.length === 0)
          if (isEmpty && taggedVersion === undefined && lastChange === undefined) {
            expect(read.groups.has(key)).toBe(false)
            continue
          }
          const changes = memory.changes.length > 0 || !lastChange ? memory.changes : [lastChange]
          expect(read.groups.get(key)).toEqual({ ...of, memory: { ...memory, changes } })
        }
      }),
    )
  })

  it('leave out what matters least when there is too much', () => {
    const groups = new Map<string, KeptMemory>()
    for (let n = 0; n < 1500; n++)
      groups.set(`default/group_${n}/group_${n}`, {
        memory: {
          ...NO_MEMORY,
          changes: [{ at: NOW - n, from: 1, to: 2 }],
          ...(n === 700 ? { paused: { since: NOW, by: 'ann' } } : {}),
          retiring: n === 800 ? [{ allocation: 'a', since: NOW }] : [],
        },
        lastChange: { at: NOW - n, from: 1, to: 2 },
      })
    const { items, cut } = writeItems(groups)
    expect(Buffer.byteLength(items.groups as string)).toBeLessThanOrEqual(MAX_BYTES)
    expect(cut).toBeGreaterThan(100)
    const read = readItems(items, NOW).groups
    expect(read.size).toBe(1500 - cut)
    expect(read.get('default/group_700/group_700')?.memory.paused).toMatchObject({ by: 'ann' })
    expect(read.get('default/group_800/group_800')?.memory.retiring).toHaveLength(1)
    // The newest changes are kept, and the oldest are not.
    expect(read.has('default/group_0/group_0')).toBe(true)
    expect(read.has('default/group_1499/group_1499')).toBe(false)
  })

  it('give up older changes before anything else', () => {
    const groups = new Map([
      ['a', { ...withChanges(6000), lastChange: { at: NOW, from: 0, to: 1 } }],
      ['b', withChanges(0)],
    ])
    const { items, cut } = writeItems(groups)
    expect(cut).toBe(0)
    expect(readItems(items, NOW).groups.get('a')?.memory.changes).toEqual([{ at: NOW, from: 0, to: 1 }])
  })

  it.each<[what: string, text: string | undefined, unreadable: string[]]>([
    ['nothing', undefined, []],
    ['no JSON', '{', ['everything']],
    ['another shape', '[1]', ['everything']],
    ['one wrong group', '{"a":{"retiring":[["x",1]]},"b":{"retiring":7}}', ['b']],
  ])('are read as far as they can be: %s', (_, text, unreadable) => {
    const read = readItems(text === undefined ? {} : { groups: text }, NOW)
    expect(read.unreadable).toEqual(unreadable)
    expect(read.groups.has('a')).toBe(text?.includes('"a"') ?? false)
  })

  it('hold no time of the future', () => {
    const { items } = writeItems(
      new Map([['a', { memory: { ...NO_MEMORY, retiring: [{ allocation: 'x', since: NOW + 5000 }] } }]]),
    )
    expect(readItems(items, NOW).groups.get('a')?.memory.retiring).toEqual([{ allocation: 'x', since: NOW }])
  })
})
