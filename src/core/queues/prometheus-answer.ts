import type { SourceCause } from '../scaling/sample.ts'
import { z } from '../zod.ts'

const pointSchema = z.tuple([z.number(), z.string()])

const answerSchema = z.union([
  z.object({
    status: z.literal('success'),
    data: z.union([
      z.object({ resultType: z.literal('scalar'), result: pointSchema }),
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value: pointSchema })) }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
])

/** The one number of an instant query. No series, several, NaN and infinities are no number: they are not known. */
export function prometheusNumber(
  answer: unknown,
): { readonly value: number } | { readonly cause: SourceCause } {
  const parsed = answerSchema.safeParse(answer)
  if (!parsed.success) return unknown('rejected', 'this is not an answer of Prometheus to an instant query')
  if (parsed.data.status === 'error')
    return unknown('rejected', `Prometheus said: ${parsed.data.error.slice(0, 200)}`)
  const { data } = parsed.data
  const points = data.resultType === 'scalar' ? [data.result] : data.result.map(({ value }) => value)
  const [point] = points
  if (point === undefined) return unknown('no-data', 'the query has no result')
  if (points.length > 1) return unknown('no-data', `the query has ${points.length} results: sum them up`)
  const value = Number(point[1])
  if (!Number.isFinite(value) || value < 0) return unknown('no-data', `the query's result is ${point[1]}`)
  return { value }
}

function unknown(code: 'rejected' | 'no-data', message: string): { readonly cause: SourceCause } {
  return { cause: { code, message } }
}
