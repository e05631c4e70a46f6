import { closest } from '../../closest.ts'
import type { DocumentPath, Issue } from '../../issue.ts'
import { zodIssues } from '../../zod-issues.ts'
import { DRIVERS } from './index.ts'

/**
 * What is wrong with a task's driver config: unknown keys, wrong types, missing ones. `path` is where the config
 * stands. A driver that Drover does not know is a warning, for its config cannot be checked.
 */
export function checkConfig(driver: string, config: unknown, path: DocumentPath): Issue[] {
  const schema = DRIVERS.get(driver)?.config()
  if (!schema) return [unknownDriver(driver, path)]
  const result = schema.safeParse(config)
  if (result.success) return []
  return zodIssues(result.error.issues, { value: config, schema, base: path })
}

function unknownDriver(driver: string, path: DocumentPath): Issue {
  const known = [...DRIVERS.keys()]
  const near = closest(driver, known)
  const message = `driver "${driver}" is unknown, so its config cannot be checked`
  const fix = near === undefined ? `known drivers: ${known.join(', ')}` : `did you mean ${near}?`
  return { severity: 'warning', code: 'unknown-driver', path, message, fix }
}
