import type { Decision } from '../../../src/core/scaling/decision.ts'
import { type AllocationState, type GroupMemory, NO_MEMORY } from '../../../src/core/scaling/group.ts'
import type { ScalingPolicy } from '../../../src/core/scaling/policy.ts'
import { remember, rememberDone, rememberStaying } from '../../../src/core/scaling/remember.ts'
import type { WorkerState } from '../../../src/core/scaling/sample.ts'
import type { Situation } from '../../../src/core/scaling/situation.ts'
import { BLIND, NOW } from './situations.ts'

interface Place {
  readonly index: number
  readonly id: string
  readonly placedAt: number
  version: number
  startedAt?: number
  /** When each of its tasks ends. */
  tasks: number[]
  idleSince: number
  intake: 'taking' | 'cordoned' | 'draining'
  left: boolean
  silent: boolean
}

export interface Sight {
  readonly queue: 'seen' | 'blind' | 'stale'
  readonly workers: 'seen' | 'blind'
  /** Whether workers answer; one that is asked to leave and does not takes nothing from then on, and stays. */
  readonly answers: boolean
}

export const SEEN: Sight = { queue: 'seen', workers: 'seen', answers: true }

/** A Nomad job with one queue, as small as it can be and still stop the highest allocation, busy or not. */
export class Plant {
  now = NOW
  waiting = 0
  places: Place[] = []
  memory: GroupMemory = NO_MEMORY
  /** Allocations that Nomad stopped while they ran a task. */
  stoppedBusy: string[] = []
  version = 1
  count: number
  readonly policy: ScalingPolicy
  readonly canCordon: boolean
  private made = 0

  constructor(policy: ScalingPolicy, canCordon = false) {
    this.policy = policy
    this.canCordon = canCordon
    this.count = policy.min
    this.fill()
  }

  alive(): Place[] {
    return this.places.filter(({ left }) => !left)
  }

  enqueue(tasks: number): void {
    this.waiting += tasks
    this.work()
  }

  /** Whether an allocation's worker tells what it does. */
  silence(index: number, silent: boolean): void {
    for (const place of this.alive()) if (place.index === index) place.silent = silent
  }

  /** Lets time pass, in which workers start, take tasks of this length, finish them and leave. */
  pass(ms: number, taskMs: number): void {
    const end = this.now + ms
    const step = Math.max(1000, ms / 20)
    while (this.now < end) {
      this.now = Math.min(end, this.now + step)
      for (const place of this.alive()) {
        if (this.now - place.placedAt >= this.policy.startUpMs) place.startedAt ??= this.now
        const before = place.tasks.length
        place.tasks = place.tasks.filter((endsAt) => endsAt > this.now)
        if (before > 0 && place.tasks.length === 0) place.idleSince = this.now
      }
      this.work(taskMs)
    }
  }

  situation(sight: Sight): Situation {
    const active = this.alive().reduce((sum, { tasks }) => sum + tasks.length, 0)
    const at = sight.queue === 'stale' ? this.now - 60_000 : this.now
    const situation: Situation = {
      policy: this.policy,
      samples: new Map([
        [
          'q',
          sight.queue === 'blind'
            ? BLIND
            : { ok: true, sample: { queue: 'q', at, waiting: this.waiting, active } },
        ],
      ]),
      workers: sight.workers === 'blind' ? BLIND : { ok: true, workers: this.workers() },
      group: {
        job: 'present',
        count: this.count,
        jobModifyIndex: this.version,
        jobVersion: this.version,
        deploymentActive: false,
        allocations: this.places.map((place) => this.allocation(place)),
        heardAt: this.now,
        memory: this.memory,
      },
      now: this.now,
    }
    this.memory = remember(situation)
    return { ...situation, group: { ...situation.group, memory: this.memory } }
  }

  apply(decision: Decision, answers: boolean): void {
    if (!answers && decision.kind === 'lift') return
    this.memory = rememberDone(this.memory, decision, this.now)
    if (decision.kind === 'scale') this.scale(decision.to)
    else if (decision.kind === 'retire' && !answers) {
      this.memory = rememberStaying(this.memory, decision.allocations, true, this.now)
      for (const place of this.alive()) if (decision.allocations.includes(place.id)) place.intake = 'cordoned'
    } else if (decision.kind !== 'hold') {
      const intake = { retire: 'draining', cordon: 'cordoned', lift: 'taking' } as const
      for (const place of this.alive())
        if (decision.allocations.includes(place.id)) place.intake = intake[decision.kind]
    }
  }

  private scale(count: number): void {
    this.version++
    this.count = count
    this.places = this.alive().sort((a, b) => a.index - b.index)
    for (const stopped of this.places.splice(count))
      if (stopped.tasks.length > 0) this.stoppedBusy.push(stopped.id)
    for (const place of this.places) place.version = this.version
    this.fill()
  }

  private fill(): void {
    for (let index = 0; this.places.length < this.count; index++) {
      if (this.places.some((place) => place.index === index)) continue
      this.places.push({
        index,
        id: `w${this.made++}`,
        placedAt: this.now,
        version: this.version,
        tasks: [],
        idleSince: this.now,
        intake: 'taking',
        left: false,
        silent: false,
      })
    }
  }

  private work(taskMs = 0): void {
    // Whoever is first takes what there is, so that now the high ones are busy and now the low ones.
    const order = Math.floor(this.now / 1000) % 2 === 0 ? this.alive() : this.alive().reverse()
    for (const place of order) {
      if (place.startedAt === undefined) continue
      while (
        taskMs > 0 &&
        place.intake === 'taking' &&
        this.waiting > 0 &&
        place.tasks.length < this.policy.concurrency
      ) {
        this.waiting--
        place.tasks.push(this.now + taskMs)
      }
      if (place.intake === 'draining' && place.tasks.length === 0) place.left = true
    }
  }

  private workers(): WorkerState[] {
    return this.alive()
      .filter(({ startedAt, silent }) => startedAt !== undefined && !silent)
      .map(({ id, tasks, idleSince, intake }) => ({
        worker: id,
        allocation: id,
        busy: tasks.length,
        seenAt: this.now,
        ...(tasks.length === 0 ? { idleSince } : {}),
        ...(this.canCordon ? { intake } : {}),
      }))
  }

  private allocation({ index, id, placedAt, startedAt, version, left }: Place): AllocationState {
    return {
      id,
      name: `heavy.heavy[${index}]`,
      index,
      node: 'n1',
      clientStatus: left ? 'complete' : startedAt === undefined ? 'pending' : 'running',
      desiredStatus: 'run',
      jobVersion: version,
      createdAt: placedAt,
      ...(startedAt === undefined ? {} : { startedAt }),
    }
  }
}
