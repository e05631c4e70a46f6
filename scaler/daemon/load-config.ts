import { dirname, isAbsolute, join } from 'node:path'
import { readText } from '../../src/adapters/read-text.ts'
import { parseYaml } from '../../src/adapters/yaml.ts'
import type { ScalerConfig } from '../../src/config/config.ts'
import { parseConfig } from '../../src/config/parse-config.ts'
import { locateIssues } from '../../src/core/document.ts'
import type { Issue } from '../../src/core/issue.ts'
import { DroverError } from '../../src/errors.ts'

/** Reads the scaler's configuration file; without one, the defaults. Throws USAGE, or CONFIG_INVALID with every issue. */
export function loadConfig(file: string | undefined): ScalerConfig {
  if (file === undefined) return read({}, '')
  const document = parseYaml(readText(file, { allowEmpty: true }), file)
  if (document.issues.length > 0) throw invalid(file, document.issues)
  return read(document.value, file, (issues) => locateIssues(issues, document))
}

function read(
  value: unknown,
  file: string,
  locate = (issues: readonly Issue[]) => [...issues],
): ScalerConfig {
  const folder = dirname(file)
  const result = parseConfig(value, (path) => (isAbsolute(path) ? path : join(folder, path)))
  if ('issues' in result) throw invalid(file, locate(result.issues))
  return result.config
}

function invalid(file: string, issues: readonly Issue[]): DroverError {
  const what = issues.length === 1 ? 'an error' : `${issues.length} errors`
  return new DroverError('CONFIG_INVALID', `${file} has ${what}`, { issues })
}
