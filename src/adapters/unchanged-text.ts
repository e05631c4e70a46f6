import { type Stats, statSync } from 'node:fs'

/** Reads the text of a file. */
export type ReadFile = (file: string) => string

/** In milliseconds. The clock of a file system may tick this slowly: a file as new as that may change unseen. */
const TICK_MS = 2000

interface Known {
  readonly stat: Stats
  readonly text: string
}

/** Reads a file anew only when it changed since; looking at its state costs a tenth of reading it. */
export function unchangedText(read: ReadFile): ReadFile {
  const known = new Map<string, Known>()
  return (file) => {
    const stat = stateOf(file)
    const before = known.get(file)
    if (stat && before && isSame(stat, before.stat)) return before.text
    known.delete(file)
    const text = read(file)
    if (stat?.isFile() && Date.now() - stat.ctimeMs > TICK_MS) known.set(file, { stat, text })
    return text
  }
}

/** Undefined for what cannot be looked at: reading it tells why. */
function stateOf(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}

function isSame(a: Stats, b: Stats): boolean {
  return a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs && a.size === b.size && a.ino === b.ino
}
