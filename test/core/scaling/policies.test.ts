import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../src/core/issue.ts'
import { policiesOfStack } from '../../../src/core/scaling/policies-of-stack.ts'
import { policyOfBlock } from '../../../src/core/scaling/policy-of-block.ts'
import { aStack } from '../../helpers/a-stack.ts'

const AT_ONCE = { cooldownMs: 0, stabilizationMs: 0 }

describe('policiesOfStack', () => {
  const policies = (more: object) => policiesOfStack(aStack(more))

  it('has every default', () => {
    expect(policies({ workers: { w: { image: 'x:1', queues: ['q'], scale: { max: 3 } } } })).toEqual([
      {
        group: { namespace: 'default', job: 'w', group: 'w' },
        origin: 'stack',
        jobType: 'batch',
        queues: ['q'],
        concurrency: 1,
        min: 0,
        max: 3,
        keepAliveMs: 300_000,
        startUpMs: 30_000,
        strategies: [{ name: 'backlog', options: { spare: 0 } }],
        up: AT_ONCE,
        down: AT_ONCE,
      },
    ])
  })

  it('has everything that is written', () => {
    const scale = {
      min: 1,
      max: 8,
      keep_alive: '1m',
      start_up: '2m',
      strategies: { latency: { target: '90s' }, step: { up_at: 9, down_at: 1, cooldown: '3m' } },
      up: { max_per_minute: 2, stabilization: '10s' },
      down: { cooldown: '5m' },
    }
    const worker = { image: 'x:1', queues: ['q', 'r'], concurrency: 4, job_type: 'service', scale }
    const stack = {
      cluster: { namespace: 'prod', prices: { core_hour: 0.1, gb_hour: 0.01 } },
      scaling: {
        schedules: {
          office: { from: '09:00', to: '18:00', weekdays: [1, 2], time_zone: 'Europe/Berlin', min: { w: 2 } },
          off: { otherwise: 'office', max: { w: 1 } },
          other: { weekdays: [7], max: { v: 1 } },
          never: { enabled: false, weekdays: [7], max: { w: 1 } },
        },
      },
      workers: {
        w: { ...worker, resources: { cpu: 2, memory: '1GB' } },
        v: { image: 'x:1', queues: ['s'], scale: { max: 2 }, profiles: ['more'] },
      },
    }
    const times = { timeZone: 'Europe/Berlin', weekdays: [1, 2], fromMinutes: 540, toMinutes: 1080 }
    expect(policies(stack)).toEqual([
      {
        group: { namespace: 'prod', job: 'w', group: 'w' },
        origin: 'stack',
        jobType: 'service',
        queues: ['q', 'r'],
        concurrency: 4,
        min: 1,
        max: 8,
        keepAliveMs: 60_000,
        startUpMs: 120_000,
        strategies: [
          { name: 'step', options: { upAt: 9, downAt: 1, cooldownMs: 180_000 } },
          { name: 'latency', options: { targetMs: 90_000 } },
        ],
        up: { maxPerMinute: 2, cooldownMs: 0, stabilizationMs: 10_000 },
        down: { cooldownMs: 300_000, stabilizationMs: 0 },
        targetAgeMs: 90_000,
        costPerHour: 0.21,
        schedules: [
          { name: 'office', ...times, isOutside: false, min: 2 },
          { name: 'off', ...times, isOutside: true, max: 1 },
        ],
      },
    ])
    expect(policiesOfStack(aStack(stack), ['more']).map(({ group }) => group.job)).toEqual(['w', 'v'])
  })
})

describe('policyOfBlock', () => {
  const read = (policy: unknown, more: object = {}) =>
    policyOfBlock({
      group: { namespace: 'default', job: 'mail', group: 'send' },
      jobType: 'batch',
      min: 0,
      max: 5,
      policy,
      ...more,
    })
  const expected = {
    ok: true,
    policy: {
      group: { namespace: 'default', job: 'mail', group: 'send' },
      origin: 'nomad',
      jobType: 'batch',
      queues: ['mail'],
      concurrency: 2,
      min: 0,
      max: 5,
      keepAliveMs: 60_000,
      startUpMs: 30_000,
      strategies: [{ name: 'step', options: { upAt: 5, downAt: 0, cooldownMs: 60_000 } }],
      up: { maxPerMinute: 2, ...AT_ONCE },
      down: AT_ONCE,
    },
  }

  it.each([
    [
      'an attribute',
      {
        drover: {
          queues: ['mail'],
          concurrency: 2,
          keep_alive: '1m',
          strategies: { step: { up_at: 5, down_at: 0, cooldown: '1m' } },
          up: { max_per_minute: 2 },
        },
      },
    ],
    [
      'blocks, as Nomad keeps them',
      {
        drover: [
          {
            queues: ['mail'],
            concurrency: 2.0,
            keep_alive: '1m',
            strategies: [{ step: [{ up_at: 5, down_at: 0, cooldown: '1m' }] }],
            up: [{ max_per_minute: 2 }],
          },
        ],
      },
    ],
  ])('reads %s', (_, policy) => expect(read(policy)).toEqual(expected))

  it.each([[null], [undefined], ['text'], [{}], [{ check: [{ q: [{}] }] }], [[]]])(
    'has nothing in %j',
    (policy) => {
      expect(read(policy)).toBeUndefined()
    },
  )

  it('tells everything that is wrong', () => {
    const found = read(
      { drover: [{ concurency: 2, up: [{ max_per_minute: 0.5 }], strategies: [{ stepp: [{}] }] }] },
      { jobType: 'system', min: 7, max: 2_000_000 },
    )
    expect(found?.ok === false && found.issues.map(formatIssue)).toEqual([
      '["mail/send"].type: is system, which has no count to change (make it a batch or service job)',
      '["mail/send"].scaling.max: 2000000 is not a whole number from 0 to 100000 (change it)',
      '["mail/send"].scaling.policy.drover.queues: is required',
      '["mail/send"].scaling.policy.drover.strategies.stepp: unknown key "stepp" (did you mean "step"?)',
      '["mail/send"].scaling.policy.drover.up.max_per_minute: expected a whole number, got the number 0.5',
      '["mail/send"].scaling.policy.drover.concurency: unknown key "concurency" (did you mean "concurrency"?)',
    ])
  })

  it.each([
    ['two entries', [{ queues: ['a'] }, { queues: ['b'] }]],
    ['a text', 'x'],
    ['nothing in it', null],
  ])('refuses %s', (_, drover) => expect(read({ drover })).toMatchObject({ ok: false }))

  it('refuses min above max', () => {
    expect(read({ drover: { queues: ['q'] } }, { min: 3, max: 2 })).toMatchObject({
      ok: false,
      issues: [{ message: 'min 3 is above max 2' }],
    })
  })
})
