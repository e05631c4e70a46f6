/** Nanoseconds since 1970, as Nomad counts; the last digits are lost in a JavaScript number. */
export function nanoseconds(ms: number): number {
  return Math.round(ms) * 1e6
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** `10s`, `1m30s`, `500ms` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text) return undefined
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ''] ?? 0), 0)
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
