import builtIn from '#templates'
import type { Issue } from '../core/issue.ts'
import type { CompiledTemplate, Templates } from '../core/spec/compiled-template.ts'
import { DroverError } from '../errors.ts'

/**
 * The built-in templates, overridden by the files of `directory` that have the same relative path. Throws USAGE for
 * a folder that cannot be read or a file with no built-in of its name (it would never be used), TEMPLATE_FAILED for
 * syntax errors; all of them at once.
 */
export async function loadTemplates(directory?: string): Promise<Templates> {
  if (directory === undefined) return builtIn
  // The compiler is three times the size of the runtime: only overrides pay for it.
  const { compileTemplates, evaluateTemplate, listTemplates } = await import('./compile-templates.ts')
  const files = listFiles(directory, listTemplates)
  const unknown = files
    .filter((file) => !Object.hasOwn(builtIn, file.name))
    .map((file) => unknownIssue(file.path))
  const { templates, issues } = compileTemplates(files)
  if (issues.length > 0) {
    throw new DroverError('TEMPLATE_FAILED', 'templates have syntax errors', {
      issues: [...unknown, ...issues],
    })
  }
  if (unknown.length > 0) {
    throw new DroverError('USAGE', `${directory} holds templates that no job would use`, { issues: unknown })
  }
  const merged: Record<string, CompiledTemplate> = { ...builtIn }
  for (const [name, { code, names }] of Object.entries(templates)) {
    merged[name] = { spec: evaluateTemplate(code), names }
  }
  return merged
}

function listFiles<T>(directory: string, list: (directory: string) => T): T {
  try {
    return list(directory)
  } catch (cause) {
    throw new DroverError('USAGE', `cannot read the template folder ${directory}`, {
      hint: 'Give --templates a folder that holds copies of files from templates/.',
      cause,
    })
  }
}

function unknownIssue(path: string): Issue {
  return {
    severity: 'error',
    code: 'template-unknown',
    path: [],
    message: 'is not the name of a template',
    fix: `the templates are ${Object.keys(builtIn).sort().join(', ')}`,
    position: { file: path, line: 1, column: 1 },
  }
}
