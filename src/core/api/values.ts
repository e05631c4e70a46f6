import { z } from '../zod.ts'

/** A value as zod reads it, with everything readonly: what the daemon's own readonly types fit into. */
export type Wire<S extends z.ZodType> = DeepReadonly<z.infer<S>>

type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

/** Larger than any cluster; keeps a slip of the finger from being asked of Nomad. */
const MAX_COUNT = 100_000

export const timeSchema = z.number().describe('Milliseconds since 1970.')
export const ageSchema = z.number().describe('Milliseconds.')
export const countSchema = z.number().int()

/** Counts that are asked for. */
export const orderedCountSchema = z.int().min(0).max(MAX_COUNT)

/** A whole number in a query, which is text. */
export function numberInQuery(min: number, max: number) {
  return z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  )
}

const TIME_FORM = 'must be a time with its zone, such as "2026-05-01T12:00:00Z", or milliseconds since 1970'
const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/

/** A time in a query; read it with readTime. */
export const timeInQuery = z
  .string()
  .max(40, TIME_FORM)
  .refine((text) => !Number.isNaN(readTime(text)), TIME_FORM)
  .describe('ISO 8601 with its zone, or milliseconds since 1970.')

/** Milliseconds since 1970; NaN for what is no time. */
export function readTime(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  return ISO.test(text) ? Date.parse(text) : Number.NaN
}

export const groupRefSchema = z.object({ namespace: z.string(), job: z.string(), group: z.string() })
