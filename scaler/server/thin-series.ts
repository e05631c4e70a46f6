import { compact } from '../../src/core/compact.ts'
import type { SeriesPoint } from '../reports.ts'

const LARGEST = ['desired', 'live', 'busy', 'waiting', 'active', 'oldestAgeMs'] as const

/**
 * One point a step. Each number is the largest of its step, so that a short peak is still seen from afar; the cost is
 * the mean, so that what lies under the curve is what was spent.
 * @param points oldest first
 */
export function thinSeries(points: readonly SeriesPoint[], stepMs: number): readonly SeriesPoint[] {
  const steps = new Map<number, SeriesPoint[]>()
  for (const point of points) {
    const start = Math.floor(point.at / stepMs) * stepMs
    const step = steps.get(start)
    if (step === undefined) steps.set(start, [point])
    else step.push(point)
  }
  return [...steps].map(([at, step]) => {
    const [first] = step
    if (step.length === 1 && first !== undefined) return { ...first, at }
    const numbers = LARGEST.map((name) => {
      const known = step.flatMap((point) => point[name] ?? [])
      return [name, known.length === 0 ? undefined : Math.max(...known)] as const
    })
    const costs = step.flatMap(({ costPerHour }) => costPerHour ?? [])
    const costPerHour =
      costs.length === 0 ? undefined : costs.reduce((sum, cost) => sum + cost, 0) / costs.length
    return compact({ at, ...Object.fromEntries(numbers), costPerHour }) as SeriesPoint
  })
}
