import {
  DURATION,
  DURATION_FORM,
  MODE,
  MODE_FORM,
  parseDurationMs,
  parseSizeBytes,
  SIZE,
  SIZE_FORM,
} from './units.ts'
import { z } from './zod.ts'

/** Written duration: one or more of `<number><d|h|m|s|ms|us|ns>`, without spaces. The written text is kept. */
export const durationSchema = z
  .string({
    error: ({ input }) =>
      wrongType(input, DURATION_FORM, (number) => `needs a unit, for example "${number}s"`),
  })
  .regex(DURATION, { error: DURATION_FORM, abort: true })
  .refine((text) => isWithin(parseDurationMs, text), 'must not be longer than 292 years')
  .describe('A duration: "250ms", "30s", "5m", "1h30m", "2d".')

/**
 * Written size: `<number><B|KB|MB|GB|TB>`. All are powers of 1024, as in docker and Nomad, where "1GB" of
 * memory is 1024 MB; KiB, MiB, GiB and TiB mean the same. The written text is kept.
 */
export const sizeSchema = z
  .string({
    error: ({ input }) =>
      wrongType(input, SIZE_FORM, (number) => `needs a unit: "${number}MB" or "${number}GB"`),
  })
  .regex(SIZE, { error: SIZE_FORM, abort: true })
  .refine((text) => isWithin(parseSizeBytes, text), 'must not be larger than 8191TB')
  .describe('A size, powers of 1024: "512MB", "1.5GB".')

/** Written file mode: three or four octal digits in quotes. The written text is kept. */
export const modeSchema = z
  .string({
    error: ({ input }) =>
      wrongType(input, MODE_FORM, (number) => `must be in quotes: "${String(number).padStart(4, '0')}"`),
  })
  .regex(MODE, MODE_FORM)
  .describe('Octal permissions in quotes: "0644", "1777".')

/** Whether a text of the right form is also within its bounds. */
function isWithin(parse: (text: string) => number, text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}

/** The message for a value that is no text; undefined (zod's own message) when the key is absent. */
function wrongType(input: unknown, form: string, number: (value: number) => string): string | undefined {
  if (input === undefined) return undefined
  return typeof input === 'number' ? number(input) : form
}
