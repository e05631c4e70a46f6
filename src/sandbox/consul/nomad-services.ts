import { createHash } from 'node:crypto'
import type { Allocation, Task, TaskGroup } from '../nomad/state/types.ts'
import type { CheckDefinition, ServiceDefinition } from './agent/definition.ts'

interface ServiceBlock {
  readonly Name?: string
  readonly Provider?: string
  readonly PortLabel?: string
  readonly Tags?: readonly string[] | null
  readonly Meta?: Readonly<Record<string, string>> | null
  readonly Checks?: readonly CheckBlock[] | null
}

interface CheckBlock {
  readonly Name?: string
  readonly Type?: string
  /** Nanoseconds. */
  readonly Interval?: number
  readonly Timeout?: number
}

interface PortBlock {
  readonly Label: string
  readonly Value?: number
}

/**
 * The services that Nomad registers for an allocation, by its `service` blocks. Nobody runs their checks: they pass for as
 * long as the allocation runs.
 */
export function servicesOf(allocation: Allocation): ServiceDefinition[] {
  const group = allocation.Job.TaskGroups.find(({ Name }) => Name === allocation.TaskGroup)
  if (group === undefined) return []
  const ofGroup = blocksOf(group).map((block) => serviceOf(allocation, group, block, `group-${group.Name}`))
  const ofTasks = group.Tasks.flatMap((task) =>
    blocksOf(task).map((block) => serviceOf(allocation, group, block, task.Name)),
  )
  return [...ofGroup, ...ofTasks]
}

function blocksOf({ Services }: TaskGroup | Task): readonly ServiceBlock[] {
  const all = Array.isArray(Services) ? (Services as readonly ServiceBlock[]) : []
  return all.filter(({ Provider }) => (Provider ?? 'consul') === 'consul')
}

function serviceOf(
  allocation: Allocation,
  group: TaskGroup,
  block: ServiceBlock,
  owner: string,
): ServiceDefinition {
  const { Name = `${allocation.JobID}-${group.Name}`, PortLabel = '', Tags, Meta, Checks } = block
  const id = `_nomad-task-${allocation.ID}-${owner}-${Name}-${PortLabel}`
  return {
    id,
    name: Name,
    tags: Tags ?? [],
    meta: { ...Meta, 'external-source': 'nomad' },
    address: '127.0.0.1',
    port: portOf(allocation, group, PortLabel),
    checks: (Checks ?? []).map((check, at) => checkOf(id, Name, check, at)),
  }
}

/** A fixed port as it is; for one that Nomad would choose, one of Nomad's range that stays the same. */
function portOf(allocation: Allocation, { Networks }: TaskGroup, label: string): number {
  if (label === '') return 0
  if (/^\d+$/.test(label)) return Number(label)
  const networks = Array.isArray(Networks) ? (Networks as { ReservedPorts?: PortBlock[] | null }[]) : []
  const fixed = networks
    .flatMap(({ ReservedPorts }) => ReservedPorts ?? [])
    .find(({ Label }) => Label === label)
  if (fixed?.Value) return fixed.Value
  return 20_000 + (digest(`${allocation.ID} ${label}`).readUInt32BE(0) % 12_000)
}

const ALWAYS_MS = 10 * 365 * 86_400_000

function checkOf(service: string, name: string, check: CheckBlock, at: number): CheckDefinition {
  return {
    id: `_nomad-check-${digest(`${service} ${at}`).toString('hex')}`,
    name: check.Name || `service: "${name}" check`,
    notes: '',
    status: 'passing',
    kind: 'ttl',
    ttlMs: ALWAYS_MS,
    target: '',
    method: 'GET',
    header: {},
    interval: '',
    timeout: '',
    intervalMs: (check.Interval ?? 0) / 1e6,
    timeoutMs: (check.Timeout ?? 0) / 1e6,
    failuresBeforeCritical: 0,
    failuresBeforeWarning: 0,
    deregisterAfterMs: 0,
  }
}

function digest(text: string): Buffer {
  return createHash('sha1').update(text).digest()
}
