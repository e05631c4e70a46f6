/** What the scaler refused, in its own words. */
export class Refusal extends Error {
  constructor(status, { code, message, hint, issues } = {}) {
    super(message ?? `the scaler answered ${status}`)
    this.status = status
    this.code = code
    this.hint = hint
    this.issues = issues ?? []
  }
}

const WITHIN_MS = 10_000
/** The server's clock minus the browser's, ms; what is less than its second is not known. */
let skew = 0

/** The time by the server's clock: ages that it tells are by that. */
export function now() {
  return Date.now() + skew
}

/** Throws Refusal, or what fetch throws when nobody answers. */
export async function get(path, { accept = [], withinMs = WITHIN_MS } = {}) {
  const answer = await fetch(path, { signal: AbortSignal.timeout(withinMs), cache: 'no-store' })
  const date = Date.parse(answer.headers.get('date') ?? '')
  if (!Number.isNaN(date)) skew = Math.abs(date - Date.now()) > 2000 ? date - Date.now() : 0
  return read(answer, accept)
}

/** Sends an order. The token goes into a header, which no other site can make a browser send. */
export async function order(path, body, token) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(3 * WITHIN_MS),
    credentials: 'omit',
    cache: 'no-store',
  })
  return read(answer, [])
}

/** The path of a group, or of something of it. */
export function groupPath(name, what = '') {
  return `v1/groups/${encodeURIComponent(name)}${what}`
}

async function read(answer, accept) {
  const body = await answer.json().catch(() => ({}))
  if (!answer.ok && !accept.includes(answer.status)) throw new Refusal(answer.status, body.error)
  return body
}
