export const UNKNOWN = '–'

const UNITS = [
  [86_400_000, 'd', 3_600_000, 'h'],
  [3_600_000, 'h', 60_000, 'min'],
  [60_000, 'min', 1000, 's'],
]

/** A span in at most two units: "48 s", "5 min", "1 min 20 s", "2 h 5 min". */
export function span(ms) {
  if (ms === undefined || Number.isNaN(ms)) return UNKNOWN
  const rounded = Math.max(0, Math.round(ms / 1000) * 1000)
  for (const [large, largeName, small, smallName] of UNITS) {
    if (rounded < large) continue
    const rest = Math.floor((rounded % large) / small)
    return `${Math.floor(rounded / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`
  }
  return `${rounded / 1000} s`
}

/** A number, or a dash for what is not known. */
export function number(value) {
  if (value === undefined || value === null) return UNKNOWN
  return Number.isInteger(value) ? value.toLocaleString('en') : String(Math.round(value * 100) / 100)
}

/** "1 worker", "3 workers". */
export function many(count, one, more = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : more}`
}

/** The time of the day, with the date where it is another one. */
export function time(at, now) {
  const date = new Date(at)
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return date.toDateString() === new Date(now).toDateString() ? clock : `${day(date)} ${clock}`
}

function day(date) {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The start of the day of a time, where the browser is. */
export function midnight(now) {
  const date = new Date(now)
  date.setHours(0, 0, 0, 0)
  return date.getTime()
}

export function money(value, currency) {
  if (value === undefined) return UNKNOWN
  return currency === undefined ? value.toFixed(2) : `${value.toFixed(2)} ${currency}`
}

/** As Nomad's own commands show it. */
export function shortId(id) {
  return id.slice(0, 8)
}

function two(value) {
  return String(value).padStart(2, '0')
}
