import {
  type ManualClock,
  manualClock,
  type NomadEmulator,
  type NomadEmulatorOptions,
  type SimulatedOptions,
  type SimulatedRunner,
  simulatedRunner,
  startNomadEmulator,
} from '../../../src/sandbox/index.ts'
import { type World, worldOf } from '../../contract/nomad/world.ts'

export interface Harness {
  readonly nomad: NomadEmulator
  readonly world: World
  readonly runner: SimulatedRunner
  readonly clock: ManualClock
  /** Lets the scheduler and the node do what is due. */
  settle(): void
}

/** An emulated Nomad whose time stands still and whose tasks run as if. */
export async function harness(
  options: Omit<NomadEmulatorOptions, 'runner' | 'clock'> & { readonly runner?: SimulatedOptions } = {},
): Promise<Harness> {
  const { runner: behaviour = {}, ...rest } = options
  const clock = manualClock()
  const runner = simulatedRunner({ ...behaviour, clock })
  const nomad = await startNomadEmulator({ ...rest, runner, clock })
  return { nomad, world: worldOf(nomad.address), runner, clock, settle: () => clock.advance(200) }
}
