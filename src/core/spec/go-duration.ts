const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3, // micro sign
  μs: 1e3, // Greek mu
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** A Go duration ("1h30m", "1.5s", "-10ms", "0") in nanoseconds; undefined when Go would refuse it. */
export function parseGoDuration(text: string): number | undefined {
  const [, sign = '', body = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (body === '0') return 0
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(body)) return undefined
  let sum = 0
  for (const [, amount = '', unit = ''] of body.matchAll(/([\d.]+)([a-zµμ]+)/g))
    sum += Math.trunc(Number(amount) * (UNITS[unit] ?? 0))
  // Go counts in 64 bits.
  if (sum >= 2 ** 63) return undefined
  return sign === '-' && sum !== 0 ? -sum : sum
}
