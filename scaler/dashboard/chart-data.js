const MINUTE_MS = 60_000

export const RANGES = [
  { words: '1 h', ms: 60 * MINUTE_MS, step: 1 },
  { words: '24 h', ms: 24 * 60 * MINUTE_MS, step: 2 },
  { words: '7 d', ms: 7 * 24 * 60 * MINUTE_MS, step: 15 },
]

const LINES = ['waiting', 'active', 'desired', 'live', 'busy', 'oldestAgeMs', 'costPerHour']

/**
 * Points as columns: times in seconds, and one array a line, with null where nothing was recorded or known, so that a
 * gap is seen as one. How it is now comes last.
 */
export function columnsOf({ from, to, stepMs, points }, group, now) {
  const byTime = new Map(points.map((point) => [point.at, point]))
  const times = []
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= to; at += stepMs) times.push(at)
  const columns = Object.fromEntries(
    LINES.map((line) => [line, times.map((at) => byTime.get(at)?.[line] ?? null)]),
  )
  if (group !== undefined && (times.length === 0 || now > times.at(-1))) {
    times.push(now)
    for (const line of LINES) columns[line].push(group[line] ?? null)
  }
  return { times: times.map((at) => at / 1000), ...columns }
}

/** The largest that is known, and the last; undefined for none. */
export function summaryOf(values) {
  const known = values.filter((value) => value !== null)
  return { most: known.length === 0 ? undefined : Math.max(...known), last: values.at(-1) ?? undefined }
}
