export const DURATION = /^(?:\d+(?:\.\d+)?(?:d|h|m|s|ms|us|ns))+$/
export const SIZE = /^(\d+(?:\.\d+)?)(B|[KMGT]i?B)$/
export const MODE = /^[0-7]{3,4}$/

/** Of each unit. A day is 24 hours; Nomad itself knows no days. */
const MILLISECONDS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 } as const
/** Go keeps a duration in 64 bits of nanoseconds; past this many days Nomad refuses or wraps it. */
export const MAX_DURATION_MS = 106_751 * 86_400_000
const MAX_BYTES = Number.MAX_SAFE_INTEGER
const POWERS = { B: 0, K: 1, M: 2, G: 3, T: 4, P: 5 } as const

/** Nomad refuses a task with less. */
export const LEAST_MEMORY_MB = 10

export const DURATION_FORM = 'must be a duration such as "30s", "5m" or "1h30m"'
export const SIZE_FORM = 'must be a size such as "512MB" or "1.5GB"'
export const MODE_FORM = 'must be octal permissions in quotes, such as "0644"'

/** Milliseconds of a written duration; fractions below a nanosecond are rounded. Throws RangeError. */
export function parseDurationMs(text: string): number {
  if (!DURATION.test(text)) throw new RangeError(`"${text}" ${DURATION_FORM}`)
  const ms = durationMs(text)
  if (ms > MAX_DURATION_MS) throw new RangeError(`"${text}" must not be longer than 292 years`)
  return ms
}

/**
 * The one form in which Drover writes a duration for Nomad: "1m30s" for "90s", "48h" for "2d", "0s".
 * @param duration a written duration, or milliseconds from 0 up. Throws RangeError.
 */
export function toNomadDuration(duration: string | number): string {
  const ms = typeof duration === 'string' ? parseDurationMs(duration) : duration
  if (!(ms >= 0 && ms <= MAX_DURATION_MS)) throw new RangeError(`${ms} ms is not a duration`)
  // In two whole parts: together they may need more digits than a number has.
  let whole = Math.floor(ms)
  let rest = Math.round((ms - whole) * 1e6)
  if (rest === 1e6) [whole, rest] = [whole + 1, 0]
  let text = ''
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const size = MILLISECONDS[unit]
    const count = Math.floor(whole / size)
    if (count > 0) text += `${count}${unit}`
    whole -= count * size
  }
  if (rest >= 1000) text += `${Math.floor(rest / 1000)}us`
  if (rest % 1000 > 0) text += `${rest % 1000}ns`
  return text || '0s'
}

/** Bytes of a written size, rounded up to a whole byte. Throws RangeError. */
export function parseSizeBytes(text: string): number {
  if (!SIZE.test(text)) throw new RangeError(`"${text}" ${SIZE_FORM}`)
  const bytes = sizeBytes(text)
  if (bytes > MAX_BYTES) throw new RangeError(`"${text}" must not be larger than 8191TB`)
  return bytes
}

/** Nomad's MB (1024 × 1024 bytes) of a written size, rounded up so that no task gets less than it asked for. */
export function sizeToMb(text: string): number {
  return Math.ceil(parseSizeBytes(text) / 1024 ** 2)
}

/** Writes bytes as a size in the largest unit that needs no fraction: 1536 MB stays "1536MB", 2048 MB is "2GB". */
export function formatSize(bytes: number): string {
  let [value, power] = [Math.ceil(bytes), 0]
  while (value > 0 && value % 1024 === 0 && power < POWERS.T) [value, power] = [value / 1024, power + 1]
  return `${value}${['B', 'KB', 'MB', 'GB', 'TB'][power]}`
}

/**
 * Bytes of a size as compose files write it: a number of bytes, or text such as "512m", "1G", "1.5gb", "64 MiB"
 * (powers of 1024, as docker reads them). Throws RangeError.
 */
export function parseComposeBytes(written: string | number): number {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)i?b?$/i.exec(String(written).trim())
  if (!match) throw new RangeError(`"${written}" must be a size such as "512m" or "2g"`)
  const letter = (match[2] ?? '').toUpperCase() as keyof typeof POWERS | ''
  return Math.ceil(Number(match[1]) * 1024 ** (letter === '' ? 0 : POWERS[letter]))
}

/** Permission bits of written octal digits: "0770" is 504. Throws RangeError. */
export function parseMode(text: string): number {
  if (!MODE.test(text)) throw new RangeError(`"${text}" ${MODE_FORM}`)
  return Number.parseInt(text, 8)
}

/** Permission bits (0 to 4095) as four octal digits: 504 is "0770". */
export function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

function durationMs(text: string): number {
  let ms = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)([a-z]+)/g)) {
    ms += Number(number) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
  }
  // 1.1h is 3960000.0000000005 ms in binary; no duration that Go can hold needs more than 13 digits and a few.
  return Number(ms.toPrecision(15))
}

function sizeBytes(text: string): number {
  const [, number, unit = 'B'] = SIZE.exec(text) ?? []
  return Math.ceil(Number(number) * 1024 ** POWERS[unit.charAt(0) as keyof typeof POWERS])
}
