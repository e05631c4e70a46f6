import { type GroupRef, groupKey } from '../../core/scaling/group-ref.ts'
import type { ClusterLists } from './cluster-lists.ts'
import { type ClusterTables, createTables } from './cluster-tables.ts'

/** Tables of what was listed, and of nothing else. */
export function fillTables({ jobs, allocations, deployments }: ClusterLists): ClusterTables {
  const tables = createTables()
  for (const job of jobs) tables.putJob(job)
  for (const allocation of allocations) tables.putAllocation(allocation, false)
  for (const deployment of deployments) tables.putDeployment(deployment)
  return tables
}

/** The groups that are not the same in both. */
export function changedGroups(before: ClusterTables, after: ClusterTables): readonly GroupRef[] {
  const gone = before.refs().filter((ref) => after.group(ref) === undefined)
  return [...gone, ...after.refs().filter((ref) => !isSame(before, after, ref))]
}

function isSame(before: ClusterTables, after: ClusterTables, ref: GroupRef): boolean {
  return JSON.stringify(before.group(ref)) === JSON.stringify(after.group(ref))
}

/** Equal when both have the same groups with the same scaling blocks. */
export function shapeOf(tables: ClusterTables): string {
  const groups = tables.refs().map((ref) => [groupKey(ref), tables.group(ref)?.job])
  return JSON.stringify([groups.sort(), tables.scalable()])
}
