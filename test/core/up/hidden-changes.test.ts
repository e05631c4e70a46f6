import { describe, expect, it } from 'vitest'
import { hiddenChanges } from '../../../src/core/up/hidden-changes.ts'

const spread = (Percent: number) => ({
  Attribute: 'a',
  SpreadTarget: [{ Value: 'dc1', Percent }],
  Weight: 50,
})
const reordered = { Weight: 50, SpreadTarget: [{ Percent: 60, Value: 'dc1' }], Attribute: 'a' }

describe('hiddenChanges', () => {
  it.each<[unknown, unknown, string[]]>([
    [undefined, null, []],
    [[], null, []],
    [[spread(60)], [reordered], []],
    [[{ Attribute: 'a', SpreadTarget: null }], [{ Attribute: 'a', SpreadTarget: [] }], []],
    [[spread(60)], [spread(70)], ['Spreads differ']],
    [[spread(60)], null, ['Spreads differ']],
    [undefined, [spread(60)], ['Spreads differ']],
  ])('%j and %j', (wanted, held, expected) => {
    const live = { Version: 0, JobModifyIndex: 1, Stop: false, TaskGroups: [], Spreads: held }
    expect(hiddenChanges({ ID: 'j', TaskGroups: [], Spreads: wanted }, live)).toEqual(expected)
  })
})
