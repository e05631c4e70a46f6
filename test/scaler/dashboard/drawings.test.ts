import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadModule } from './load-module.ts'

type Line = (number | null)[]
interface Spark {
  readonly from: number
  readonly stepMs: number
  readonly waiting: Line
  readonly desired: Line
}
const { withNow, areaPath, stepPath } = await loadModule<{
  withNow(
    spark: Spark | undefined,
    group: { desired: number; waiting?: number },
    now: number,
  ): Pick<Spark, 'waiting' | 'desired'>
  areaPath(values: Line, top: number): string
  stepPath(values: Line, top: number): string
}>('sparkline.js')
const { columnsOf, summaryOf } = await loadModule<{
  columnsOf(
    series: { from: number; to: number; stepMs: number; points: object[] },
    group: object | undefined,
    now: number,
  ): { times: number[]; waiting: Line; costPerHour: Line }
  summaryOf(values: Line): { most: number | undefined; last: number | undefined }
}>('chart-data.js')
interface Edge {
  readonly from: string
  readonly to: string
}
const { layoutOf } = await loadModule<{
  layoutOf(jobs: { name: string }[], edges: readonly Edge[]): Map<string, { column: number; row: number }>
}>('graph.js')

describe('a sparkline', () => {
  const spark = { from: 0, stepMs: 60_000, waiting: [1, 2, 3], desired: [1, 1, null] }

  it('ends with how it is now', () => {
    expect(withNow(spark, { desired: 4, waiting: 9 }, 150_000)).toEqual({
      waiting: [1, 2, 9],
      desired: [1, 1, 4],
    })
    expect(withNow(spark, { desired: 4 }, 150_000).waiting).toEqual([1, 2, null])
  })

  it('moves on with the minutes, and has gaps where nothing is known', () => {
    expect(withNow(spark, { desired: 4, waiting: 9 }, 200_000).waiting).toEqual([2, 3, 9])
    expect(withNow(spark, { desired: 4, waiting: 9 }, 270_000).waiting).toEqual([3, null, 9])
    expect(withNow(spark, { desired: 4, waiting: 9 }, 9e9).waiting).toEqual([null, null, 9])
    expect(withNow(undefined, { desired: 4, waiting: 9 }, 0).waiting).toHaveLength(60)
  })

  it('is drawn as one line for each run of what is known', () => {
    expect(stepPath([0, 1, null, 1], 1)).toBe('M0 21V21H30V2H60M90 2V2H120')
    expect(areaPath([null, 1], 1)).toBe('M60 22H60V2H120V22Z')
    expect(stepPath([null, null], 1)).toBe('')
  })
})

describe('the columns of a chart', () => {
  const series = { from: 0, to: 180_000, stepMs: 60_000, points: [{ at: 60_000, waiting: 5 }] }

  it('have null where nothing was recorded, and end with how it is now', () => {
    const columns = columnsOf(series, { waiting: 7 }, 200_000)
    expect(columns.times).toEqual([0, 60, 120, 180, 200])
    expect(columns.waiting).toEqual([null, 5, null, null, 7])
    expect(columns.costPerHour).toEqual([null, null, null, null, null])
    expect(columnsOf(series, undefined, 200_000).times).toEqual([0, 60, 120, 180])
  })

  it('are told in words', () => {
    expect(summaryOf([null, 5, 3])).toEqual({ most: 5, last: 3 })
    expect(summaryOf([5, null])).toEqual({ most: 5, last: undefined })
    expect(summaryOf([null])).toEqual({ most: undefined, last: undefined })
  })
})

describe('the graph', () => {
  const names = Array.from({ length: 12 }, (_, index) => `job${index}`)
  const jobs = names.map((name) => ({ name }))
  const edge = fc.record({ from: fc.constantFrom(...names), to: fc.constantFrom(...names) })

  it('puts everything after what it needs, and nothing in the same place', () => {
    fc.assert(
      fc.property(fc.array(edge), (all) => {
        // Only towards smaller numbers, so that there is no ring.
        const edges = all.filter(({ from, to }) => names.indexOf(from) > names.indexOf(to))
        const places = layoutOf(jobs, edges)
        for (const { from, to } of edges)
          expect(places.get(from)?.column).toBeGreaterThan(places.get(to)?.column ?? Number.NaN)
        expect(new Set([...places.values()].map(({ column, row }) => `${column} ${row}`)).size).toBe(
          names.length,
        )
      }),
    )
  })

  it('copes with rings, and with names that it does not know', () => {
    fc.assert(
      fc.property(fc.array(edge), (edges) => {
        const places = layoutOf(jobs, [...edges, { from: 'job0', to: 'elsewhere' }])
        expect(places.size).toBe(names.length)
        for (const { column } of places.values()) expect(column).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
