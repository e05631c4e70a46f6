import type Handlebars from 'handlebars'
import runtime from 'handlebars/runtime.js'
import { DroverError } from '../../errors.ts'
import type { FreeBody, FreeValue } from './blocks/rules.ts'
import { renderBody, renderConfig } from './body.ts'
import { hclLiteral, hclText } from './hcl.ts'
import type { JobSpec } from './jobspec.ts'
import { layout } from './layout.ts'
import type { BlockName } from './nomad-blocks.ts'
import { locating, templateFault } from './template-fault.ts'
import type { Tree } from './tree.ts'

/** A compiled template and the names that it speaks of (see templateNames). */
export interface JobTemplate {
  readonly spec: TemplateSpecification
  readonly names: readonly string[]
}

/** By path in templates/ without extension: a kind of job (`service`), or `partials/network`. */
export type JobTemplates = Readonly<Record<string, JobTemplate>>

/** Renders a job by the template of its kind. Throws TEMPLATE_FAILED, naming the template's fault. */
export type RenderJob = (kind: string, spec: JobSpec) => string

/**
 * Prepares the templates once for any number of jobs. Every value reaches the text through a helper that
 * writes HCL literals; what a template leaves out, the `rest` helper prints, so that nothing is lost.
 */
export function createRenderer(templates: JobTemplates): RenderJob {
  // The runtime's own types say nothing; it is Handlebars without its compiler.
  const handlebars = (runtime as unknown as typeof Handlebars).create()
  const spoken = new WeakMap<object, Set<string>>()
  const prepare = (name: string, { spec, names }: JobTemplate): Handlebars.TemplateDelegate => {
    const render = handlebars.template(spec)
    return (context, options) => {
      spoken.set(context, new Set([...(spoken.get(context) ?? []), ...names]))
      return locating({ template: name }, () => render(context, options))
    }
  }
  for (const [name, template] of Object.entries(templates))
    if (name.startsWith('partials/')) handlebars.registerPartial(name, prepare(name, template))
  for (const [name, helper] of Object.entries(helpers(spoken)))
    handlebars.registerHelper(name, locatedHelper(helper))
  const compiled = new Map<string, Handlebars.TemplateDelegate>()
  return (kind, spec) => {
    const template = templates[kind]
    if (!template) throw new DroverError('TEMPLATE_FAILED', `there is no template for jobs of kind ${kind}`)
    const render = compiled.get(kind) ?? prepare(kind, template)
    compiled.set(kind, render)
    try {
      const text = render({ ...spec, kind }, { partials: handlebars.partials })
      return locating({ template: kind }, () => layout(text.replace(ABSENT_LINES, '')))
    } catch (cause) {
      throw templateFault(spec.id, cause)
    }
  }
}

/** Stands for a value that is not there, so that a line that holds nothing else can go. No HCL contains it. */
const ABSENT = '\0'
const ABSENT_LINES = /^[ \t]*\0[\0 \t]*\n|\0/gm

/** @param spoken names that the templates speak of, by the block that was given to them */
function helpers(spoken: WeakMap<object, Set<string>>): Handlebars.HelperDeclareSpec {
  return {
    /** Any value as an HCL literal. */
    q(value: FreeValue, options: Handlebars.HelperOptions) {
      return hclLiteral(present(value, options))
    },
    /** Text as a heredoc where one can hold it. */
    text(value: string, options: Handlebars.HelperOptions) {
      return hclText(present(value, options))
    },
    /** The text of a comment, kept on one line. */
    comment(value: string, options: Handlebars.HelperOptions) {
      return present(value, options).replace(/\s+/g, ' ')
    },
    /** Its inside, with the value as `.`, when there is a value; 0 and false are values. */
    given(this: unknown, value: unknown, options: Handlebars.HelperOptions) {
      return value === undefined ? ABSENT : options.fn(value)
    },
    /** One attribute or block of a block, in whatever form the job spec has for it. */
    field(block: BlockName, key: string, value: unknown) {
      return value === undefined ? ABSENT : renderBody(block, { [key]: value })
    },
    /** The config block of a driver. */
    config(driver: string, value: FreeBody | undefined) {
      return value === undefined ? ABSENT : `config {\n${renderConfig(driver, value)}}\n`
    },
    /** What a block holds beyond the names of which the templates speak that it went through. */
    rest(block: BlockName, node: Tree) {
      return renderBody(block, node, {
        except: [...(spoken.get(node) ?? []), ...(block === 'job' ? ['id', 'kind'] : ['label'])],
      })
    },
  }
}

/** What Handlebars really gives to a helper, beyond its declared type. */
type Call = Handlebars.HelperOptions & { name?: string; loc?: { start: { line: number } } }

/** In strict mode a missing name throws by itself only when it stands alone, not as an argument. */
function present<T>(value: T | undefined, { name }: Call): T {
  if (value !== undefined) return value
  throw new Error(`{{${name}}} has nothing to print`)
}

function locatedHelper(helper: Handlebars.HelperDelegate): Handlebars.HelperDelegate {
  return function (this: unknown, ...values: unknown[]) {
    const { loc } = values.at(-1) as Call
    const place = loc ? { line: loc.start.line } : {}
    return locating(place, () => Reflect.apply(helper, this, values))
  }
}
