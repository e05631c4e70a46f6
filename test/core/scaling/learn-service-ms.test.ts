import { expect, it } from 'vitest'
import { learnServiceMs } from '../../../src/core/scaling/learn-service-ms.ts'
import type { QueueReading } from '../../../src/core/scaling/sample.ts'

function readings(...samples: (object | undefined)[]): Map<string, QueueReading> {
  return new Map(
    samples.map((sample, n) => [
      `q${n}`,
      sample
        ? { ok: true, sample: { queue: `q${n}`, at: 0, waiting: 0, ...sample } }
        : { ok: false, cause: { code: 'timeout', message: '' } },
    ]),
  )
}

it.each<[what: string, before: number | undefined, of: Map<string, QueueReading>, ms: number | undefined]>([
  ['four run, and eight a minute are done', undefined, readings({ active: 4, throughputPerMin: 8 }), 30_000],
  [
    'over all queues',
    undefined,
    readings({ active: 1, throughputPerMin: 30 }, { active: 3, throughputPerMin: 30 }),
    4000,
  ],
  ['slowly', 10_000, readings({ active: 4, throughputPerMin: 8 }), 11_000],
  ['nothing runs', 10_000, readings({ active: 0, throughputPerMin: 8 }), 10_000],
  ['nothing was done yet', undefined, readings({ active: 3, throughputPerMin: 0 }), undefined],
  ['one is not told', 10_000, readings({ active: 3 }), 10_000],
  ['one is not read', 10_000, readings({ active: 3, throughputPerMin: 8 }, undefined), 10_000],
])('%s', (_, before, of, ms) => {
  expect(learnServiceMs(before, of)).toBe(ms)
})
