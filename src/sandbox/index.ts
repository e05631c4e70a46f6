export { createMemoryBroker, type MemoryBroker } from './broker/memory-broker.ts'
export type { PretendTask } from './broker/pretend-task.ts'
export { type ManualClock, manualClock, realClock, type SandboxClock } from './clock.ts'
export { type ConsulEmulator, type ConsulEmulatorOptions, startConsulEmulator } from './consul/emulator.ts'
export { followAllocations } from './consul/follow-allocations.ts'
export type { HttpFaults } from './faults.ts'
export { type Capability, SCALE_POLICY, type Tokens } from './nomad/acl.ts'
export type { Runner, TaskExit, TaskHandle, TaskStart } from './nomad/client/runner.ts'
export { type NomadEmulator, type NomadEmulatorOptions, startNomadEmulator } from './nomad/emulator.ts'
export type { Faults } from './nomad/faults.ts'
export { type PlatformOptions, platformRunner } from './runners/platform.ts'
export { type ProcessOptions, processRunner } from './runners/processes.ts'
export {
  type SimulatedOptions,
  type SimulatedRunner,
  type SimulatedTask,
  simulatedRunner,
} from './runners/simulated.ts'
export { type WorkerGroup, workerGroupOf } from './runners/worker-group.ts'
