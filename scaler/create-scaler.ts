import type { ClusterMirror } from '../src/ports.ts'
import { createActor } from './act/actor.ts'
import { createOrders } from './act/orders.ts'
import { BRAIN } from './decide/brain.ts'
import { createEvaluator } from './decide/evaluator.ts'
import type { ScalerDeps } from './deps.ts'
import { createEventBus } from './event-bus.ts'
import type { GroupRun } from './groups/group-run.ts'
import { createGroupTable } from './groups/group-table.ts'
import { createPolicyLoader } from './groups/policy-loader.ts'
import { reportGroup } from './groups/report-group.ts'
import { createKeptMemories } from './lead/kept-memory.ts'
import { createLeadership, createSoleLeadership, type Leadership } from './lead/leadership.ts'
import { createMemoryStore } from './lead/memory-store.ts'
import { createClusterWatch } from './look/cluster-watch.ts'
import { createHeardAt } from './look/heard-at.ts'
import { problemsOf } from './look/report-health.ts'
import { createRounds, type Rounds } from './look/rounds.ts'
import type { Scaler } from './reports.ts'
import { SYSTEM_TIMERS, within } from './timers.ts'

export interface RunningScaler extends Scaler {
  /**
   * Reads the stack, Nomad and all queues, takes the lead if nobody has it, and goes on by itself. Throws STACK_INVALID
   * and CONFIG_INVALID; a Nomad or a source that does not answer is waited for some seconds and then lived without.
   */
  start(): Promise<void>
  /** Reads and looks at everything, and waits for what comes of it: in place of start(), or after it. */
  once(): Promise<void>
  /** Ends what is under way, writes down what must not be forgotten, and lets another lead: at most 5 s. */
  close(): Promise<void>
}

const CONNECT_MS = 10_000
const FINISH_MS = 2000
const NO_NODES: ReadonlySet<string> = new Set()

/** The scaler: thin edges around decide(). Nothing happens before start() or once(). */
export function createScaler(deps: ScalerDeps): RunningScaler {
  const { clock, settings, actions, sources, timers = SYSTEM_TIMERS, brain = BRAIN } = deps
  const { intervalMs, staleAfterMs, dryRun, name } = settings
  const bus = createEventBus(clock)
  for (const listener of deps.listeners ?? []) bus.subscribe(listener)
  const table = createGroupTable()
  const kept = createKeptMemories(table)
  const loader = createPolicyLoader(deps.policies, [...sources.keys()])
  const heard = createHeardAt(() => mirror?.state())
  const startedAt = clock.now()
  let mirror: ClusterMirror | undefined
  let problems: readonly string[] = []
  let isClosed = false
  /** Everything was tried once; nothing is decided before it is known who leads. */
  let hasBegun = false
  let begun: Promise<void> | undefined
  let closed: Promise<void> | undefined

  const leadership = lead()
  const store = createMemoryStore(
    timers,
    () => leadership.write(kept.items()),
    () => leadership.isLeader(),
  )
  const touch = (run: GroupRun) => rounds.touch(run)
  const actor = createActor({
    actions,
    workers: deps.workers,
    leadership,
    store,
    bus,
    timers,
    clock,
    dryRun,
    explain: brain.explain,
    taskOf: ({ ref }) => mirror?.taskOf(ref) ?? ref.group,
    random: deps.random ?? Math.random,
    onDone: touch,
    onFault: fault,
  })
  const evaluator = createEvaluator({
    brain,
    actor,
    clock,
    timers,
    bus,
    staleAfterMs,
    wakeAt: (run, elapsed) => rounds.wakeAt(run, elapsed),
    heardAt: heard.at,
    draining: () => mirror?.draining() ?? NO_NODES,
    isLeader: () => leadership.isLeader(),
    areSettled: deps.workers?.settle !== undefined,
    all: table.all,
    budget: () => deps.policies.budget?.(),
    onMemory() {
      if (leadership.isLeader()) store.touch()
    },
    onFault: fault,
  })
  const rounds: Rounds = createRounds({
    sources,
    table,
    bus,
    timers,
    clock,
    heard,
    intervalMs,
    staleAfterMs,
    evaluate: (run) => {
      if (hasBegun && !isClosed) evaluator.evaluate(run)
    },
  })
  const watch = createClusterWatch({
    table,
    bus,
    mirror: () => mirror,
    elapsed: timers.elapsed,
    isLeader: leadership.isLeader,
    touch,
    onJobs: apply,
  })

  function lead(): Leadership {
    const onChange = (isLeader: boolean, why: string) => {
      bus.emit(
        { kind: 'leader', isLeader },
        `${name} ${isLeader ? 'leads' : `does not lead any more: ${why}`}`,
      )
      if (!isLeader) return
      kept.forget()
      for (const run of table.all()) {
        run.isDirty = true
        // What took a follower's time is not the time that a scale takes.
        run.wokenElapsed = undefined
        touch(run)
      }
    }
    if (deps.lock === undefined || dryRun) return createSoleLeadership(name, onChange)
    return createLeadership({
      lock: deps.lock,
      name,
      timers,
      clock,
      onChange,
      onProblem: (problem) =>
        bus.emit({ kind: 'leader', isLeader: leadership.isLeader() }, `${name}: ${problem}`),
      onItems(items) {
        for (const line of kept.adopt(items, clock.now())) bus.emit({ kind: 'config', ok: false }, line)
      },
    })
  }

  /** Told once, though it may come at every look. */
  function fault(run: GroupRun, error: unknown): void {
    const what = `a bug in Drover: ${(error as Error)?.stack ?? String(error)}`
    if (run.fault === String(error)) return
    run.fault = String(error)
    bus.emit({ kind: 'observed', group: run.ref, what }, `${run.name}: ${what.split('\n')[0]}`)
  }

  /** Follows the policies that were loaded, and the blocks in Nomad. */
  function apply(): void {
    const sorted = loader.sort(mirror?.scalable() ?? [])
    for (const problem of sorted.problems)
      if (!problems.includes(problem)) bus.emit({ kind: 'config', ok: false }, problem)
    problems = sorted.problems
    const before = table.all()
    const added = table.replace(sorted.placed, timers.elapsed())
    const gone = before.filter((run) => table.get(run.key) !== run)
    for (const run of gone) rounds.wakeAt(run, undefined)
    kept.setAside(gone)
    kept.adoptInto(added)
    rounds.follow(added)
    watch.lookAtAll()
  }

  function groupsAreScaled(): string {
    const { length } = table.all()
    return length === 1 ? '1 group is scaled' : `${length} groups are scaled`
  }

  async function connect(): Promise<void> {
    const isReady = new Promise<void>((resolve) => {
      const opened = deps.openMirror((event) => {
        if (isClosed) return
        if (event.kind === 'state' && event.state.status === 'ready') resolve()
        watch.hear(event)
      })
      mirror = opened
      if (opened.state().status === 'ready') resolve()
    })
    await within(timers, CONNECT_MS, isReady)
  }

  async function begin(): Promise<void> {
    await loader.load()
    await connect()
    apply()
    bus.emit({ kind: 'config', ok: true }, groupsAreScaled())
    if (deps.lock === undefined && !dryRun)
      bus.emit({ kind: 'config', ok: true }, 'there is no lock: this must be the only daemon')
    await Promise.all([rounds.readAll(), leadership.start()])
    hasBegun = true
    table.all().forEach(touch)
  }

  async function close(): Promise<void> {
    isClosed = true
    rounds.close()
    await within(timers, FINISH_MS, actor.idle())
    store.close()
    await leadership.close(kept.items())
    await mirror?.close()
  }

  const report = (run: GroupRun) => reportGroup(run, evaluator.situation(run), brain)

  return {
    ...createOrders({ table, actor, store, leadership, bus, clock, touch }),
    subscribe: bus.subscribe,
    groups: () => table.all().map(report),
    group(word) {
      const run = table.named(word)
      return run && report(run)
    },
    health() {
      const cluster = mirror?.state() ?? { status: 'connecting', since: startedAt, heardAt: 0 }
      const states = rounds.states()
      const found = problemsOf({
        elapsed: timers.elapsed(),
        now: clock.now(),
        intervalMs,
        runs: table.all(),
        cluster,
        sources: states,
        reads: rounds.reads(),
        hasBegun,
        staleAfterMs,
        lock: leadership.problem(),
        cut: kept.cut(),
        policies: problems,
      })
      const leader = leadership.leader()
      return {
        live: true,
        ready: found.length === 0,
        problems: found,
        isLeader: leadership.isLeader(),
        ...(leader === undefined ? {} : { leader }),
        cluster,
        sources: Object.fromEntries(states),
        dryRun,
        startedAt,
      }
    },
    async reload() {
      try {
        await loader.load()
      } catch (error) {
        bus.emit({ kind: 'config', ok: false }, `the stack stays as it was: ${(error as Error).message}`)
        throw error
      }
      apply()
      bus.emit({ kind: 'config', ok: true }, `read again: ${groupsAreScaled()}`)
    },
    async start() {
      begun ??= begin()
      await begun
      if (!isClosed) rounds.start()
    },
    async once() {
      const isAgain = begun !== undefined
      begun ??= begin()
      await begun
      if (isAgain) await rounds.readAll()
      // What was touched last is looked at before anything else comes.
      await new Promise<void>((resolve) => timers.soon(resolve))
      await actor.idle()
    },
    close() {
      closed ??= close()
      return closed
    },
  }
}
