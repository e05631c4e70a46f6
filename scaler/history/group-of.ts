import { groupKey } from '../../src/core/scaling/group-ref.ts'
import type { ScalerEvent } from '../reports.ts'

/** The key of the group that an event is about; empty for what is about no group. */
export function groupOf(event: ScalerEvent): string {
  if (event.kind === 'alert') return event.alert.group === undefined ? '' : keyOfName(event.alert.group)
  return 'group' in event ? groupKey(event.group) : ''
}

/** A group as people name it, or its key: `worker_heavy`, `shop/mailer` and `default/shop/mailer` are keys in full then. */
export function keyOfName(name: string): string {
  const parts = name.split('/')
  if (parts.length === 1) return `default/${name}/${name}`
  return parts.length === 2 ? `default/${name}` : name
}
