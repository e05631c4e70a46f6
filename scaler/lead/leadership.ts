import type { Clock, LockAnswer, LockStore } from '../../src/ports.ts'
import { type Timers, within } from '../timers.ts'
import { createLease } from './lease.ts'

/** Who may act. Nomad enforces that one daemon at most holds the lock; this one knows how long it may rely on that. */
export interface Leadership {
  isLeader(): boolean
  /** To be asked right before each action. */
  mayAct(): boolean
  /** The leader's name, as far as it is known. */
  leader(): string | undefined
  /** Why nobody can lead, in words; undefined while all is well. */
  problem(): string | undefined
  /** Writes as the holder; false when it is not, or the write failed. */
  write(items: Items): Promise<boolean>
  /** Resolves after the first attempt. */
  start(): Promise<void>
  /** Writes, and lets another take the lock. */
  close(items: Items): Promise<void>
}

export type Items = Readonly<Record<string, string>>

export interface LeadershipOptions {
  readonly lock: LockStore
  readonly name: string
  readonly timers: Timers
  readonly clock: Clock
  /** What a leader before has written: told before leading, and again and again while another leads. */
  onItems(items: Items): void
  /** `why` in words when it is no longer the leader. */
  onChange(isLeader: boolean, why: string): void
  /** Told once for each new reason why nobody here can lead. */
  onProblem(problem: string): void
}

/** Of the lock in Nomad. */
export const LOCK_TTL_MS = 10_000
const RENEW_MS = 3000
const RETRY_MS = 1000
const FOLLOW_MS = 2000
/**
 * An action that starts must be over before the lock can be another's: all its attempts together take at most this. With
 * less than that left of the lease none is begun.
 */
export const ACTION_MS = 6000
/** For the step under way when it is stopped, and for each of the last two words. */
const LAST_STEP_MS = 500
const FAREWELL_MS = 1000
const LEADER = 'leader'

export function createLeadership(options: LeadershipOptions): Leadership {
  const { lock, name, timers, clock, onItems, onChange, onProblem } = options
  const lease = createLease(timers, clock, LOCK_TTL_MS)
  let held: string | undefined
  let wasLeader = false
  let leader: string | undefined
  let problem: string | undefined
  let isClosed = false
  let cancelStep = () => {}
  let cancelEnd = () => {}
  let last: Promise<unknown> = Promise.resolve()

  const remaining = () => (held === undefined ? 0 : lease.remainingMs())

  function complain(of: string): void {
    if (of !== problem) onProblem(of)
    problem = of
  }

  function tell(why: string): void {
    const is = remaining() > 0
    if (is) leader = name
    if (is === wasLeader) return
    wasLeader = is
    onChange(is, why)
  }

  function extend(from: ReturnType<typeof lease.now>): void {
    lease.extend(from)
    cancelEnd()
    cancelEnd = timers.after(remaining() + 1, () => tell('the lock was not renewed in time'))
    problem = undefined
    tell('')
  }

  function lose(why: string): void {
    held = undefined
    lease.end()
    cancelEnd()
    tell(why)
  }

  function take(answer: LockAnswer, from: ReturnType<typeof lease.now>): void {
    if (answer.ok) {
      held = answer.lock
      extend(from)
      return
    }
    if (answer.reason === 'held') follows()
    else complain(`the lock cannot be taken: ${answer.message}`)
  }

  function follows(): void {
    if (leader === name) leader = undefined
    problem = undefined
  }

  async function follow(): Promise<number> {
    const read = await lock.read()
    if (!read.ok) {
      complain(`the lock cannot be read: ${read.message}`)
      return FOLLOW_MS
    }
    if (isClosed) return FOLLOW_MS
    onItems(read.items)
    leader = read.items[LEADER]
    if (read.isHeld) {
      follows()
      return FOLLOW_MS
    }
    // It was free when it was read, so whoever wrote since has taken it first, and this is refused: nothing is lost.
    const from = lease.now()
    take(await lock.acquire({ ...read.items, [LEADER]: name }), from)
    return held === undefined ? FOLLOW_MS : RENEW_MS
  }

  async function renew(id: string): Promise<number> {
    const from = lease.now()
    const answer = await lock.renew(id)
    if (answer.ok) extend(from)
    else if (answer.reason === 'lost' || answer.reason === 'held') {
      lose(`the lock was lost: ${answer.message}`)
      return 0
    } else {
      complain(`the lock cannot be renewed: ${answer.message}`)
      return RETRY_MS
    }
    return RENEW_MS
  }

  async function step(): Promise<void> {
    const began = timers.elapsed()
    let wait: number
    try {
      wait = await (held === undefined ? follow() : renew(held))
    } catch (error) {
      complain(`the lock failed: ${(error as Error).message}`)
      wait = RETRY_MS
    }
    if (isClosed) return
    cancelStep = timers.after(Math.max(0, wait - (timers.elapsed() - began)), run)
  }

  function run(): Promise<unknown> {
    last = step()
    return last
  }

  return {
    isLeader: () => remaining() > 0,
    mayAct: () => !isClosed && remaining() > ACTION_MS,
    leader: () => leader,
    problem: () => problem,
    async write(items) {
      if (held === undefined) return false
      const id = held
      const answer = await lock
        .write(id, { ...items, [LEADER]: name })
        .catch((error: Error): LockAnswer => ({ ok: false, reason: 'unavailable', message: error.message }))
      if (answer.ok) return true
      complain(`what must not be forgotten cannot be written: ${answer.message}`)
      if ((answer.reason === 'lost' || answer.reason === 'held') && held === id)
        lose(`the lock was lost: ${answer.message}`)
      return false
    },
    async start() {
      await run()
    },
    async close(items) {
      if (isClosed) return
      isClosed = true
      cancelStep()
      cancelEnd()
      await within(timers, LAST_STEP_MS, last)
      const id = held
      if (id === undefined) return
      await within(timers, FAREWELL_MS, lock.write(id, { ...items, [LEADER]: name }))
      await within(timers, FAREWELL_MS, lock.release(id))
      lose('it was stopped')
    },
  }
}

/** For a daemon that is the only one: it leads, and remembers nothing over a restart. */
export function createSoleLeadership(name: string, onChange: LeadershipOptions['onChange']): Leadership {
  let isClosed = false
  return {
    isLeader: () => !isClosed,
    mayAct: () => !isClosed,
    leader: () => name,
    problem: () => undefined,
    write: async () => true,
    async start() {
      onChange(true, '')
    },
    async close() {
      isClosed = true
    },
  }
}
