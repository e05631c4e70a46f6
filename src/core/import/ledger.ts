import { isWithin } from '../compose/keys.ts'
import type { ComposeKey } from '../compose/model.ts'

/** What became of a key. */
export type KeyState = 'mapped' | 'approximated' | 'dropped'

export interface Verdict {
  readonly state: KeyState
  /** Where it went, relative to its job: `ports.http`, or `/logs` at the top. */
  readonly to: readonly string[]
  /** How it was approximated or why it was dropped; for a mapped key what is good to know. */
  readonly notes: readonly string[]
}

/** What one service's keys became; the account of the top level is that without a service. */
export interface Account {
  mapped(key: string, to: string, note?: string): void
  approximated(key: string, to: string, why: string): void
  dropped(key: string, why: string): void
  /** Dropped after all, whatever was said of the key before. */
  rejected(key: string, why: string): void
}

export interface Ledger {
  of(service?: string): Account
  /** Whether there is a verdict on the key itself. */
  has(key: Pick<ComposeKey, 'service' | 'key'>): boolean
  /** The verdict on a key, or on the nearest one around it; undefined when nobody looked at it. */
  find(key: Pick<ComposeKey, 'service' | 'key'>): Verdict | undefined
}

const RANK: Readonly<Record<KeyState, number>> = { mapped: 0, approximated: 1, dropped: 2 }

/** Collects what becomes of each key. Of several verdicts on one key the worst counts, with all their notes. */
export function createLedger(): Ledger {
  const books = new Map<string, Map<string, Verdict>>()
  const book = (service = ''): Map<string, Verdict> => {
    const known = books.get(service) ?? new Map<string, Verdict>()
    books.set(service, known)
    return known
  }
  return {
    of(service) {
      const own = book(service)
      const add = (key: string, state: KeyState, to: string, note: string | undefined): void => {
        const before = own.get(key)
        const now: Verdict = { state, to: to === '' ? [] : [to], notes: note === undefined ? [] : [note] }
        own.set(key, before ? joined(before, now) : now)
      }
      return {
        mapped: (key, to, note) => add(key, 'mapped', to, note),
        approximated: (key, to, why) => add(key, 'approximated', to, why),
        dropped: (key, why) => add(key, 'dropped', '', why),
        rejected: (key, why) => void own.set(key, { state: 'dropped', to: [], notes: [why] }),
      }
    },
    has: ({ service, key }) => book(service).has(key),
    find({ service, key }) {
      const own = book(service)
      const exact = own.get(key)
      if (exact) return exact
      const around = [...own.keys()].filter((other) => isWithin(key, other))
      return own.get(around.sort((a, b) => b.length - a.length)[0] ?? '')
    },
  }
}

/** A key that went somewhere is not dropped because another part of it was. */
function joined(a: Verdict, b: Verdict): Verdict {
  const worst = RANK[a.state] >= RANK[b.state] ? a.state : b.state
  const to = [...new Set([...a.to, ...b.to])]
  const state = worst === 'dropped' && to.length > 0 ? 'approximated' : worst
  return { state, to, notes: [...new Set([...a.notes, ...b.notes])] }
}
