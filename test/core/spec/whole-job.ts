import { renderBody } from '../../../src/core/spec/body.ts'
import { hclString } from '../../../src/core/spec/hcl.ts'
import type { JobSpec } from '../../../src/core/spec/jobspec.ts'

/** A whole job file, printed by the table alone: what the templates must print, in whatever layout. */
export function renderWholeJob({ id, ...rest }: JobSpec): string {
  return `job ${hclString(id)} {\n${renderBody('job', rest)}}\n`
}
