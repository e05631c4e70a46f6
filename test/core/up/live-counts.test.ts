import { describe, expect, it } from 'vitest'
import { withLiveCounts } from '../../../src/core/up/live-counts.ts'
import type { LiveJob, ParsedJob } from '../../../src/core/up/nomad-answers.ts'

const parsed = (Count: number | null, Scaling?: { Min?: number; Max: number }): ParsedJob => ({
  ID: 'w',
  Type: 'batch',
  TaskGroups: [{ Name: 'w', Count, Tasks: [], ...(Scaling ? { Scaling } : {}) }],
})
const live = (Count: number, Name = 'w'): LiveJob => ({
  Version: 3,
  JobModifyIndex: 7,
  Stop: false,
  TaskGroups: [{ Name, Count }],
})
const bounds = { Min: 0, Max: 4 }

describe('withLiveCounts', () => {
  it.each([
    ['a job that Nomad does not have', parsed(1, bounds), undefined, 1, true, []],
    ['a scaled group', parsed(0, bounds), live(3), 3, true, []],
    ['a scaled group at zero', parsed(2, bounds), live(0), 0, true, []],
    ['above the bounds', parsed(0, bounds), live(9), 4, true, [{ group: 'w', live: 9, planned: 4 }]],
    ['below', parsed(2, { Min: 2, Max: 4 }), live(0), 2, true, [{ group: 'w', live: 0, planned: 2 }]],
    ['no bounds, the same count', parsed(2), live(2), 2, true, []],
    ['no bounds, another count', parsed(2), live(1), 2, false, []],
    ['no bounds, no count: one', parsed(null), live(1), null, true, []],
    ['no bounds, no count, scaled by hand', parsed(null), live(2), null, false, []],
    ['a new group', parsed(2, bounds), live(3, 'other'), 2, true, []],
  ])('%s', (_, job, stored, count, preserveCounts, outside) => {
    const counted = withLiveCounts(job, stored)
    expect(counted).toMatchObject({ preserveCounts, outside })
    expect(counted.job.TaskGroups[0]?.Count).toBe(count)
  })

  it('keeps what it does not know', () => {
    expect(withLiveCounts(parsed(0, bounds), live(3)).job).toEqual({
      ...parsed(0),
      TaskGroups: [{ Name: 'w', Count: 3, Tasks: [], Scaling: bounds }],
    })
  })
})
