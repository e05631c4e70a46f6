import { afterAll, beforeAll, describe, it } from 'vitest'
import { countCases } from './cases/counts.ts'
import { deploymentCases } from './cases/deployments.ts'
import { eventCases } from './cases/events.ts'
import { garbageCases } from './cases/garbage.ts'
import { lockCases } from './cases/locks.ts'
import { parseCases } from './cases/parsing.ts'
import { planCases } from './cases/plans.ts'
import { retireCases } from './cases/retiring.ts'
import { scaleCases } from './cases/scaling.ts'
import { signalCases } from './cases/signals.ts'
import { versionCases } from './cases/versions.ts'
import { type World, worldOf } from './world.ts'

/** One thing that is so of every Nomad. */
export interface Case {
  readonly name: string
  /** Asserts it; `id` is the name of a job that nobody else has. */
  run(world: World, id: string): Promise<void>
}

const GROUPS: Readonly<Record<string, readonly Case[]>> = {
  'scale, every answer': scaleCases,
  'who owns the count': countCases,
  'which allocation leaves': retireCases,
  deployments: deploymentCases,
  'events and waiting': eventCases,
  'variables and locks': lockCases,
  signals: signalCases,
  'job files': parseCases,
  plans: planCases,
  'versions and lists': versionCases,
}

export interface StartedNomad {
  readonly address: string
  close(): Promise<void>
}

/** Holds a Nomad to what the emulated one and the real one have in common. */
export function nomadContract(name: string, start: () => Promise<StartedNomad>): void {
  describe(name, () => {
    let nomad: StartedNomad | undefined
    let world: World
    beforeAll(async () => {
      nomad = await start()
      world = worldOf(nomad.address)
    })
    afterAll(async () => {
      await nomad?.close()
    })
    let serial = 0
    // Each has a job of its own, and most of the time is spent waiting for processes.
    for (const [group, cases] of Object.entries(GROUPS))
      describe.concurrent(group, () => {
        for (const one of cases) it(one.name, () => one.run(world, `j${++serial}`))
      })
    describe('garbage', () => {
      for (const one of garbageCases) it(one.name, () => one.run(world, `j${++serial}`))
    })
  })
}
