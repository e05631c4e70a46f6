import { describe, expect, it } from 'vitest'
import { HOURS_PER_MONTH, planCost } from '../../src/core/cost.ts'
import { aStack } from '../helpers/a-stack.ts'

const HALF = { cpu: 1, cpu_reservation: 0.5, memory: '2GB', memory_reservation: '1GB' }
const T = { image: 'a:1', resources: HALF }
const WORKER = { ...T, queues: ['q'], scale: { min: 1, typical: 2, max: 4 } }
const OVER = { memory_oversubscription: true, prices: { core_hour: 0.1, gb_hour: 0.01 } }

describe('planCost', () => {
  it('what is reserved, at three counts', () => {
    const { rows, currency } = planCost(aStack({ cluster: OVER, workers: { w: WORKER } }))
    expect(currency).toBe('USD')
    const one = { cpu: 0.5, cpuLimit: 1, memoryMb: 1024, memoryLimitMb: 2048 }
    // 0.5 cores at 0.1 and 1 GB at 0.01 are 0.06 an hour.
    expect(rows).toEqual([
      {
        job: 'w',
        kind: 'worker',
        minimum: { count: 1, ...one, perHour: 0.06 },
        typical: { count: 2, cpu: 1, cpuLimit: 2, memoryMb: 2048, memoryLimitMb: 4096, perHour: 0.12 },
        maximum: { count: 4, cpu: 2, cpuLimit: 4, memoryMb: 4096, memoryLimitMb: 8192, perHour: 0.24 },
      },
    ])
  })

  it('reserves the limit of memory without oversubscription', () => {
    const { total } = planCost(aStack({ services: { s: T } }))
    expect(total.minimum).toEqual({ count: 1, cpu: 0.5, cpuLimit: 1, memoryMb: 2048, memoryLimitMb: 2048 })
    expect(total.maximum).toEqual(total.minimum)
  })

  it('no money without prices', () => {
    const cost = planCost(aStack({ services: { s: T } }))
    expect(cost).not.toHaveProperty('currency')
    expect(cost.total.minimum).not.toHaveProperty('perHour')
  })

  it.each([
    [
      'services with their count, sidecars too',
      { services: { s: { ...T, count: 3, sidecars: { x: T }, init: { y: T } } } },
      3,
      3,
    ],
    ['none of a service at 0', { services: { s: { ...T, count: 0 } } }, 0, 0],
    ['system jobs once', { system: { s: T } }, 1, 0.5],
    ['whole cores', { services: { s: { image: 'a:1', resources: { cores: 2 } } } }, 1, 2],
    ['nothing for what ends', { batch: { b: T }, periodic: { p: { ...T, cron: '@daily' } } }, 0, 0],
    [
      'nothing for what runs before others',
      { services: { s: { ...T, depends_on: { b: 'completed' } } }, batch: { b: T } },
      1,
      0.5,
    ],
    ['nothing of other profiles', { services: { s: { ...T, profiles: ['p'] } } }, 0, 0],
  ])('counts %s', (_, stack, count, cpu) => {
    expect(planCost(aStack(stack)).total.maximum).toMatchObject({ count, cpu })
  })

  it('takes the jobs of a profile when asked to', () => {
    const stack = aStack({ services: { s: { ...T, profiles: ['p'] } } })
    expect(planCost(stack, ['p']).rows.map(({ job }) => job)).toEqual(['s'])
  })

  it('adds up without dust', () => {
    const third = { image: 'a:1', resources: { cpu: 0.1, memory: '100MB' } }
    const services = { a: third, b: third, c: third }
    const { total } = planCost(aStack({ cluster: { prices: { core_hour: 0.1, gb_hour: 0 } }, services }))
    expect(total.minimum).toMatchObject({ cpu: 0.3, memoryMb: 300, perHour: 0.03 })
  })

  it('a month has 730 hours', () => expect(HOURS_PER_MONTH).toBe((365 * 24) / 12))
})
