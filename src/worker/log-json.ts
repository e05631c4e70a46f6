import type { Log } from './options.ts'

/** One line of JSON on stderr. */
export const logJson: Log = (level, message, fields) => {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`)
}
