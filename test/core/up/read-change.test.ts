import { describe, expect, it } from 'vitest'
import { closingLine } from '../../../src/core/up/closing-line.ts'
import { describeChange } from '../../../src/core/up/describe-change.ts'
import type { CountedJob } from '../../../src/core/up/live-counts.ts'
import { type LiveJob, type NomadPlan, planSchema } from '../../../src/core/up/nomad-answers.ts'
import { readChange } from '../../../src/core/up/read-change.ts'

const live: LiveJob = {
  Version: 3,
  JobModifyIndex: 7,
  Stop: false,
  Meta: { drover_stack: 'shop' },
  TaskGroups: [{ Name: 'w', Count: 3 }],
}
const counted: CountedJob = {
  job: { ID: 'w', TaskGroups: [{ Name: 'w', Count: 3, Scaling: { Min: 0, Max: 4 } }] },
  preserveCounts: true,
  outside: [],
}
const EDITED = { Type: 'Edited', Fields: [{ Type: 'Edited', Name: 'Priority', Old: '50', New: '60' }] }

/** A plan as Nomad writes it. */
function plan(updates: object, more: object = {}): NomadPlan {
  return planSchema.parse({
    JobModifyIndex: 7,
    Diff: EDITED,
    Annotations: {
      DesiredTGUpdates: { w: { Place: 0, Stop: 0, InPlaceUpdate: 0, DestructiveUpdate: 0, ...updates } },
    },
    FailedTGAllocs: null,
    Warnings: '',
    ...more,
  })
}

describe('readChange', () => {
  it.each([
    ['none', plan({ InPlaceUpdate: 3 }, { Diff: { Type: 'None' } }), live, ''],
    ['none', plan({}, { Diff: { Type: 'Edited', TaskGroups: [{ Type: 'Edited', Name: 'w' }] } }), live, ''],
    ['new', plan({ Place: 2 }, { Diff: { Type: 'Added' } }), undefined, 'new, starts 2'],
    ['start', plan({ Place: 2 }), { ...live, Stop: true }, 'was stopped, starts 2'],
    ['update', plan({ InPlaceUpdate: 3, Place: 1 }), live, 'updates 3 in place, starts 1'],
    ['update', plan({}), live, 'none'],
    ['replace', plan({ DestructiveUpdate: 3 }), live, 'replaces 3'],
    ['replace', plan({ Stop: 1 }), live, 'stops 1'],
    ['update', plan({}, { Annotations: null }), live, 'none'],
  ] as const)('%s', (kind, answer, stored, words) => {
    const change = readChange(answer, counted, stored, 'shop')
    expect(change.kind).toBe(kind)
    expect(describeChange(change)).toBe(words)
  })

  it('does not take for stopped what only the bounds of the plan stop', () => {
    const outside = [{ group: 'w', live: 6, planned: 4 }]
    const change = readChange(plan({ Stop: 2 }), { ...counted, outside }, live, 'shop')
    expect(change).toMatchObject({ kind: 'update', allocations: { stop: 0 } })
    expect(change.warnings).toEqual([
      'the count of w is 6 and stays so, though the stack allows no more than 4',
    ])
  })

  it('tells what cannot be placed, and what Nomad warns of', () => {
    const failed = {
      w: {
        CoalescedFailures: 1,
        ConstraintFiltered: { 'missing drivers': 1 },
        DimensionExhausted: { memory: 2 },
      },
      v: {},
    }
    const Warnings = '2 warnings:\n\n* first\n* second'
    expect(
      readChange(plan({ Place: 2 }, { FailedTGAllocs: failed, Warnings }), counted, live, 'shop').warnings,
    ).toEqual([
      '2 allocations of w cannot be placed: missing drivers filters 1 node, memory does not suffice on 2 nodes',
      '1 allocation of v cannot be placed: no node takes it',
      'first',
      'second',
    ])
  })

  it.each([
    [{ drover_stack: 'shop' }, []],
    [{ drover_stack: 'other' }, ['the job was of the stack other']],
    [null, ['the job was not made by Drover']],
  ])('says whose the job was: %j', (Meta, warnings) => {
    expect(readChange(plan({}), counted, { ...live, Meta }, 'shop').warnings).toEqual(warnings)
  })
})

describe('closingLine', () => {
  it.each([
    [[], '0 jobs'],
    [['unchanged'] as const, '1 job: 1 unchanged'],
    [
      ['refused', 'registered', 'unchanged', 'registered', 'skipped'] as const,
      '5 jobs: 2 registered, 1 unchanged, 1 refused, 1 skipped',
    ],
  ])('%j', (results, line) => {
    expect(closingLine(results)).toBe(line)
  })
})
