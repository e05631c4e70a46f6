import { fileURLToPath } from 'node:url'
import type { CompiledTemplate, Templates } from '../core/spec/compiled-template.ts'
import { DroverError } from '../errors.ts'
import { compileTemplates, evaluateTemplate, listTemplates } from './compile-templates.ts'

/**
 * The templates of templates/, compiled when this module is loaded. Only a source tree (tests) comes here: the
 * build puts the precompiled templates in this module's place (`#templates`), so that a start compiles nothing.
 */
const templates: Templates = compileBuiltIn(fileURLToPath(new URL('../../templates', import.meta.url)))

export default templates

function compileBuiltIn(directory: string): Templates {
  const { templates, issues } = compileTemplates(listTemplates(directory))
  if (issues.length > 0)
    throw new DroverError('TEMPLATE_FAILED', 'built-in templates have errors', { issues })
  const compiled: Record<string, CompiledTemplate> = {}
  for (const [name, { code, names }] of Object.entries(templates)) {
    compiled[name] = { spec: evaluateTemplate(code), names }
  }
  return compiled
}
