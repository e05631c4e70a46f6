import { describe, expect, it } from 'vitest'
import { type BackOff, nextBackOff } from '../../../scaler/act/back-off.ts'
import { reactionTo } from '../../../scaler/act/refusals.ts'
import type { Refusal } from '../../../src/ports.ts'

function waits(refusal: Refusal, count: number, random = 0): number[] {
  const all: number[] = []
  let last: BackOff | undefined
  for (let n = 0; n < count; n++) {
    last = nextBackOff(last, refusal, 5000, random)
    all.push(last.until - 5000)
  }
  return all
}

describe('nextBackOff', () => {
  it.each<[Refusal, number[]]>([
    ['forbidden', [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
    ['deployment-active', [2000, 4000, 8000, 16_000, 30_000, 30_000]],
    ['stale-index', [100, 200, 400, 800]],
  ])('%s', (refusal, expected) => {
    expect(waits(refusal, expected.length)).toEqual(expected)
  })

  it('spreads, and never waits longer', () => {
    for (const random of [0, 0.3, 0.999])
      for (const [index, ms] of waits('timeout', 8, random).entries()) {
        const most = waits('timeout', 8)[index] as number
        expect(ms).toBeLessThanOrEqual(most)
        expect(ms).toBeGreaterThanOrEqual(most * 0.8)
      }
  })
})

it('what Nomad tells of by itself is waited for', () => {
  expect(reactionTo('deployment-active')).toBe('hear')
  expect(reactionTo('stale-index')).toBe('again')
  expect(reactionTo('forbidden')).toBe('back-off')
})
