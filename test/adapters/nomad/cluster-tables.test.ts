import { describe, expect, it } from 'vitest'
import {
  allocationRecord,
  allocationSchema,
  type JobRecord,
  jobRecordSchema,
} from '../../../src/adapters/nomad/cluster-records.ts'
import { createTables } from '../../../src/adapters/nomad/cluster-tables.ts'
import { aJob, anAllocation } from './a-nomad.ts'

const REF = { namespace: 'default', job: 'w', group: 'w' }

function job(more: Record<string, unknown> = {}): JobRecord {
  const record = jobRecordSchema.parse(aJob('w', more))
  if (record === undefined) throw new Error('a job that is not kept')
  return record
}

function allocation(more: Record<string, unknown>) {
  return allocationRecord(allocationSchema.parse(anAllocation('a', 'w', more)), 'work')
}

describe('which allocations are kept', () => {
  it.each([
    ['running, of an older version', { ClientStatus: 'running', JobVersion: 0 }, true],
    ['draining', { ClientStatus: 'running', DesiredStatus: 'stop', JobVersion: 0 }, true],
    ['not heard of', { ClientStatus: 'unknown', JobVersion: 0 }, true],
    ['complete, of the present version', { ClientStatus: 'complete', JobVersion: 2 }, true],
    ['complete, of an older version', { ClientStatus: 'complete', JobVersion: 1 }, false],
    ['failed, and to be replaced', { ClientStatus: 'failed', JobVersion: 2 }, true],
    ['failed, and replaced', { ClientStatus: 'failed', JobVersion: 2, NextAllocation: 'b' }, false],
    ['failed, of an older version', { ClientStatus: 'failed', JobVersion: 1 }, false],
    ['lost, and stopped', { ClientStatus: 'lost', DesiredStatus: 'stop', JobVersion: 2 }, false],
  ])('%s: %o', (_, more, isKept) => {
    const tables = createTables()
    tables.putJob(job({ Version: 2 }))
    tables.putAllocation(allocation(more), false)
    expect(tables.group(REF)?.allocations.length).toBe(isKept ? 1 : 0)
  })

  it('a new version lets go of what was complete', () => {
    const tables = createTables()
    tables.putJob(job({ Version: 2 }))
    tables.putAllocation(allocation({ ClientStatus: 'complete', JobVersion: 2 }), false)
    expect(tables.putJob(job({ Version: 3, ModifyIndex: 6 }))).toEqual([REF])
    expect(tables.group(REF)?.allocations).toEqual([])
  })
})

describe('order', () => {
  it('an older reading changes nothing', () => {
    const tables = createTables()
    tables.putJob(job({ Version: 2, ModifyIndex: 9 }))
    tables.putAllocation(allocation({ ClientStatus: 'complete', ModifyIndex: 9 }), false)
    const before = tables.group(REF)
    expect(tables.putJob(job({ Version: 1, ModifyIndex: 8 }))).toEqual([])
    expect(tables.putAllocation(allocation({ ClientStatus: 'running', ModifyIndex: 8 }), false)).toEqual([])
    expect(tables.deleteJob('default', 'w', 8)).toEqual([])
    expect(tables.group(REF)).toBe(before)
    expect(tables.deleteJob('default', 'w', 9)).toEqual([REF])
    expect(tables.group(REF)).toBeUndefined()
  })

  it('a group that a new version drops is told of', () => {
    const tables = createTables()
    tables.putJob(job())
    expect(tables.putJob(job({ Version: 1, ModifyIndex: 6, TaskGroups: [] }))).toEqual([REF])
    expect(tables.group(REF)).toBeUndefined()
  })
})
