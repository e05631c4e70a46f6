import { describe, expect, it } from 'vitest'
import { affordable } from '../../../src/core/scaling/budget.ts'

describe('affordable', () => {
  it.each([
    [{ maxPerHour: 1, perHour: 0 }, 0.4, 2],
    [{ maxPerHour: 0.3, perHour: 0 }, 0.1, 3],
    [{ maxPerHour: 1, perHour: 0.7 }, 0.4, 0],
    [{ maxPerHour: 1, perHour: 5 }, 0.4, 0],
    [{ maxPerHour: 1, perHour: 5 }, 0, undefined],
    [{ maxPerHour: 1, perHour: 0 }, undefined, undefined],
  ])('%j at %d', (spending, cost, expected) => expect(affordable(spending, cost)).toBe(expected))
})
