import { MARK, type Registration } from './registration.ts'

/** A service with Drover's mark, as the agent has it. */
export interface PresentService {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly port: number
  readonly tags: readonly string[]
  readonly meta: Readonly<Record<string, string>>
  readonly checks: readonly PresentCheck[]
}

export interface PresentCheck {
  readonly id: string
  readonly status: string
  readonly output: string
}

/** What must be done to have what is wanted; each in the order of what is given. */
export interface Changes {
  readonly create: readonly Registration[]
  readonly update: readonly { readonly registration: Registration; readonly why: string }[]
  readonly remove: readonly PresentService[]
  readonly unchanged: number
}

/**
 * Compares what should be registered with what is.
 * @param present those with the mark of this stack and no others: what is not wanted of them goes
 */
export function reconcile(wanted: readonly Registration[], present: readonly PresentService[]): Changes {
  const byId = new Map(present.map((service) => [service.id, service]))
  const create: Registration[] = []
  const update: { registration: Registration; why: string }[] = []
  for (const registration of wanted) {
    const known = byId.get(registration.id)
    const why = known && differenceOf(registration, known)
    if (known === undefined) create.push(registration)
    else if (why !== undefined) update.push({ registration, why })
  }
  const ids = new Set(wanted.map(({ id }) => id))
  return {
    create,
    update,
    remove: present.filter(({ id }) => !ids.has(id)),
    unchanged: wanted.length - create.length - update.length,
  }
}

/** The digest tells of what an agent does not give back, the rest of what somebody else has changed. */
function differenceOf(wanted: Registration, present: PresentService): string | undefined {
  if (wanted.meta[MARK.digest] !== present.meta[MARK.digest]) return 'the stack has changed'
  const checks = new Set(present.checks.map(({ id }) => id))
  const missing = wanted.checks.filter(({ id }) => !checks.has(id))
  if (missing.length > 0) return `the check ${missing.map(({ name }) => name).join(', ')} is missing`
  if (checks.size > wanted.checks.length) return 'a check was added'
  const same =
    wanted.name === present.name &&
    (wanted.address ?? '') === present.address &&
    (wanted.port ?? 0) === present.port &&
    isDeepEqual(wanted.tags, present.tags) &&
    isDeepEqual(sorted(wanted.meta), sorted(present.meta))
  return same ? undefined : 'it was changed by another'
}

function sorted(meta: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(meta).sort(([a], [b]) => (a < b ? -1 : 1))
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
