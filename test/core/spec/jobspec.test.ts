import { expect, it } from 'vitest'
import type {
  AffinitySpec,
  CheckSpec,
  ConstraintSpec,
  DisconnectSpec,
  EphemeralDiskSpec,
  GroupSpec,
  JobSpec,
  LifecycleSpec,
  LogsSpec,
  MigrateSpec,
  NetworkSpec,
  ParameterizedSpec,
  PeriodicSpec,
  PortSpec,
  RescheduleSpec,
  ResourcesSpec,
  RestartSpec,
  ScalingSpec,
  ServiceSpec,
  SpreadSpec,
  TaskSpec,
  TemplateSpec,
  UpdateSpec,
  VolumeMountSpec,
  VolumeSpec,
} from '../../../src/core/spec/jobspec.ts'
import type { BlockName, NodeOf } from '../../../src/core/spec/nomad-blocks.ts'

/** True when a type has exactly the keys that the table has, with values that the table admits. */
type Fits<Spec, Block extends BlockName> = [keyof Spec, keyof NodeOf<Block>] extends [
  keyof NodeOf<Block>,
  keyof Spec,
]
  ? Spec extends NodeOf<Block>
    ? true
    : never
  : never

// The compiler is the test: an entry that does not fit has the type never and takes no value.
const fits: {
  job: Fits<JobSpec, 'job'>
  constraint: Fits<ConstraintSpec, 'constraint'>
  affinity: Fits<AffinitySpec, 'affinity'>
  spread: Fits<SpreadSpec, 'spread'>
  periodic: Fits<PeriodicSpec, 'periodic'>
  parameterized: Fits<ParameterizedSpec, 'parameterized'>
  update: Fits<UpdateSpec, 'update'>
  migrate: Fits<MigrateSpec, 'migrate'>
  reschedule: Fits<RescheduleSpec, 'reschedule'>
  group: Fits<GroupSpec, 'group'>
  scaling: Fits<ScalingSpec, 'scaling'>
  restart: Fits<RestartSpec, 'restart'>
  disconnect: Fits<DisconnectSpec, 'disconnect'>
  ephemeralDisk: Fits<EphemeralDiskSpec, 'ephemeral_disk'>
  network: Fits<NetworkSpec, 'network'>
  port: Fits<PortSpec, 'port'>
  volume: Fits<VolumeSpec, 'volume'>
  task: Fits<TaskSpec, 'task'>
  lifecycle: Fits<LifecycleSpec, 'lifecycle'>
  template: Fits<TemplateSpec, 'template'>
  volumeMount: Fits<VolumeMountSpec, 'volume_mount'>
  resources: Fits<ResourcesSpec, 'resources'>
  logs: Fits<LogsSpec, 'logs'>
  service: Fits<ServiceSpec, 'service'>
  check: Fits<CheckSpec, 'check'>
} = {
  job: true,
  constraint: true,
  affinity: true,
  spread: true,
  periodic: true,
  parameterized: true,
  update: true,
  migrate: true,
  reschedule: true,
  group: true,
  scaling: true,
  restart: true,
  disconnect: true,
  ephemeralDisk: true,
  network: true,
  port: true,
  volume: true,
  task: true,
  lifecycle: true,
  template: true,
  volumeMount: true,
  resources: true,
  logs: true,
  service: true,
  check: true,
}

it('the types have the keys of the table (checked by the compiler)', () =>
  expect(Object.values(fits)).not.toContain(false))
