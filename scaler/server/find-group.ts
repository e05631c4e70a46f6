import type { GroupReport, Scaler } from '../reports.ts'
import { noGroup } from './fault.ts'

/** The group of this name. Throws a 404 that names the one that was probably meant. */
export function findGroup(scaler: Scaler, name: string): GroupReport {
  const found = scaler.group(name)
  if (found !== undefined) return found
  throw noGroup(
    name,
    scaler.groups().map((one) => one.name),
  )
}
