import { describe, expect, it } from 'vitest'
import { aStack } from '../../helpers/a-stack.ts'

const brokerOf = (more: object) =>
  aStack({ broker: { software: 'celery', service: 'redis', ...more } }).broker

describe('normalize: what the application says of its queues', () => {
  it.each([
    ['nothing', {}, undefined, undefined],
    ['its own', { priority_steps: [0, 5], separator: ':' }, [0, 5], ':'],
    ['in transport_options', { transport_options: { priority_steps: [0, 9], sep: '-' } }, [0, 9], '-'],
    [
      'both: its own goes first',
      { priority_steps: [1], separator: '+', transport_options: { priority_steps: [0, 9], sep: '-' } },
      [1],
      '+',
    ],
    ['of another shape', { transport_options: { priority_steps: 'x', sep: 3 } }, undefined, undefined],
  ])('%s', (_, written, steps, separator) => {
    expect(brokerOf(written)?.prioritySteps).toEqual(steps)
    expect(brokerOf(written)?.separator).toBe(separator)
  })
})
