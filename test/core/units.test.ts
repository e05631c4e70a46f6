import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { durationSchema, modeSchema, sizeSchema } from '../../src/core/unit-schemas.ts'
import {
  formatMode,
  formatSize,
  parseComposeBytes,
  parseDurationMs,
  parseMode,
  parseSizeBytes,
  sizeToMb,
  toNomadDuration,
} from '../../src/core/units.ts'

const messageOf = (schema: z.ZodType, input: unknown): string | undefined =>
  schema.safeParse(input).error?.issues[0]?.message

describe('durations', () => {
  it.each([
    ['0s', 0, '0s'],
    ['250ms', 250, '250ms'],
    ['30s', 30_000, '30s'],
    ['90s', 90_000, '1m30s'],
    ['5m', 300_000, '5m'],
    ['1h30m', 5_400_000, '1h30m'],
    ['1.5h', 5_400_000, '1h30m'],
    ['1.1h', 3_960_000, '1h6m'],
    ['2d', 172_800_000, '48h'],
    ['1d12h', 129_600_000, '36h'],
    ['1500us', 1.5, '1ms500us'],
    ['7ns', 0.000_007, '7ns'],
  ])('%s is %d ms and goes to Nomad as %s', (text, ms, canonical) => {
    expect(durationSchema.safeParse(text).success).toBe(true)
    expect(parseDurationMs(text)).toBe(ms)
    expect(toNomadDuration(text)).toBe(canonical)
    expect(toNomadDuration(ms)).toBe(canonical)
  })

  it.each(['', '5', '5 m', '-5s', 's', '1h 30m', '5M', '1.s', '5min', 'forever'])('refuses %j', (text) => {
    expect(messageOf(durationSchema, text)).toBe('must be a duration such as "30s", "5m" or "1h30m"')
    expect(() => parseDurationMs(text)).toThrow(RangeError)
  })

  it('asks for a unit and refuses what Go cannot hold', () => {
    expect(messageOf(durationSchema, 30)).toBe('needs a unit, for example "30s"')
    expect(messageOf(durationSchema, '106752d')).toBe('must not be longer than 292 years')
    expect(() => parseDurationMs('106752d')).toThrow('292 years')
    expect(() => toNomadDuration(-1)).toThrow(RangeError)
    expect(() => toNomadDuration(Number.NaN)).toThrow(RangeError)
  })

  it('writes and reads back every whole millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9e12 }), (ms) => {
        expect(parseDurationMs(toNomadDuration(ms))).toBe(ms)
      }),
    )
  })
})

describe('sizes', () => {
  it.each([
    ['0B', 0, 0],
    ['100KB', 102_400, 1],
    ['512MB', 536_870_912, 512],
    ['512MiB', 536_870_912, 512],
    ['1GB', 1_073_741_824, 1024],
    ['1.5GB', 1_610_612_736, 1536],
    ['2GiB', 2_147_483_648, 2048],
    ['1TB', 1_099_511_627_776, 1_048_576],
    ['0.3GB', 322_122_548, 308],
  ])('%s is %d bytes, %d MB in Nomad', (text, bytes, mb) => {
    expect(sizeSchema.safeParse(text).success).toBe(true)
    expect(parseSizeBytes(text)).toBe(bytes)
    expect(sizeToMb(text)).toBe(mb)
  })

  it.each(['', '2', '2G', '2 GB', '2gb', '-1MB', 'GB', '1.GB', '1,5GB'])('refuses %j', (text) => {
    expect(messageOf(sizeSchema, text)).toBe('must be a size such as "512MB" or "1.5GB"')
    expect(() => parseSizeBytes(text)).toThrow(RangeError)
  })

  it('asks for a unit and refuses what no number can count', () => {
    expect(messageOf(sizeSchema, 2)).toBe('needs a unit: "2MB" or "2GB"')
    expect(messageOf(sizeSchema, '8192TB')).toBe('must not be larger than 8191TB')
  })

  it('writes and reads back every number of bytes', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.integer({ min: 0, max: 2 }), (number, power) => {
        const bytes = number * 1024 ** power
        expect(parseSizeBytes(formatSize(bytes))).toBe(bytes)
      }),
    )
    expect(formatSize(1536 * 1024 ** 2)).toBe('1536MB')
    expect(formatSize(2048 * 1024 ** 2)).toBe('2GB')
    expect(formatSize(0)).toBe('0B')
  })

  it.each([
    [1024, 1024],
    ['512m', 536_870_912],
    ['1G', 1_073_741_824],
    ['1.5gb', 1_610_612_736],
    ['64 MiB', 67_108_864],
    ['100k', 102_400],
    ['10b', 10],
    ['7', 7],
  ])('reads %j of a compose file', (written, bytes) => {
    expect(parseComposeBytes(written)).toBe(bytes)
  })

  it.each(['', 'lots', '-1m', '1x', '1mm'])('refuses %j of a compose file', (written) => {
    expect(() => parseComposeBytes(written)).toThrow(`"${written}" must be a size`)
  })
})

describe('file modes', () => {
  it.each([
    ['0770', 504],
    ['1770', 1016],
    ['644', 420],
    ['0000', 0],
  ])('%s is %d', (text, mode) => {
    expect(modeSchema.safeParse(text).success).toBe(true)
    expect(parseMode(text)).toBe(mode)
    expect(formatMode(mode)).toBe(text.padStart(4, '0'))
  })

  it.each(['', '8', '0888', '77', '01777', 'rwx', '0o644'])('refuses %j', (text) => {
    expect(modeSchema.safeParse(text).success).toBe(false)
    expect(() => parseMode(text)).toThrow(RangeError)
  })

  it('asks for quotes, because unquoted digits are decimal', () => {
    expect(messageOf(modeSchema, 1770)).toBe('must be in quotes: "1770"')
    expect(messageOf(modeSchema, 644)).toBe('must be in quotes: "0644"')
  })
})

it('all three are described patterns in JSON Schema', () => {
  for (const schema of [durationSchema, sizeSchema, modeSchema]) {
    expect(z.toJSONSchema(schema)).toMatchObject({
      type: 'string',
      pattern: expect.any(String),
      description: expect.any(String),
    })
  }
})
