import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import Handlebars from 'handlebars'
import type { Issue } from '../core/issue.ts'
import { templateNames } from '../core/spec/template-names.ts'

/** A template as code: `code` is a JavaScript expression whose value is what `Handlebars.template` takes. */
export interface TemplateCode {
  readonly code: string
  /** See templateNames. */
  readonly names: readonly string[]
}

export interface TemplateFile {
  /** Path without extension, `/` between parts: `service`, `partials/network`. */
  readonly name: string
  /** The file as people are told of it: the folder as given, joined with the path in it. */
  readonly path: string
}

export interface CompiledFiles {
  readonly templates: Readonly<Record<string, TemplateCode>>
  readonly issues: readonly Issue[]
}

/** Strict: a name that the data lacks throws. Nothing is HTML-escaped: helpers write HCL literals. Nothing
 *  is indented, or the lines of a heredoc would change: the layout does it afterwards. */
const OPTIONS = { strict: true, noEscape: true, preventIndent: true } as const

const EXTENSION = /(\.hcl)?\.hbs$/

/** All template files of a folder and its folders, sorted by name. Throws what `readdir` throws. */
export function listTemplates(directory: string): TemplateFile[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    EXTENSION.test(file),
  )
  return files
    .map((file) => ({
      name: file.split(sep).join('/').replace(EXTENSION, ''),
      path: join(directory, file),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Compiles files; each one with a syntax error is an issue instead of an entry. */
export function compileTemplates(files: readonly TemplateFile[]): CompiledFiles {
  const templates: Record<string, TemplateCode> = {}
  const issues: Issue[] = []
  for (const file of files) {
    try {
      templates[file.name] = compile(readFileSync(file.path, 'utf8'))
    } catch (error) {
      issues.push(syntaxIssue(file, error))
    }
  }
  return { templates, issues }
}

/** Turns compiled code into the specification that `Handlebars.template` takes. */
export function evaluateTemplate(code: string): TemplateSpecification {
  return new Function(`return ${code}`)() as TemplateSpecification
}

function compile(source: string): TemplateCode {
  const program = Handlebars.parse(source)
  // `precompile` returns source text, whatever its declared type says.
  return { code: String(Handlebars.precompile(program, OPTIONS)), names: templateNames(program) }
}

function syntaxIssue(file: TemplateFile, error: unknown): Issue {
  const text = error instanceof Error ? error.message : String(error)
  const place = /^Parse error on line (\d+):/.exec(text) ?? / - (\d+):(\d+)$/.exec(text)
  // The parser's message draws the place in three lines; the last one says what was expected.
  const message =
    text
      .split('\n')
      .at(-1)
      ?.replace(/ - \d+:\d+$/, '') ?? text
  return {
    severity: 'error',
    code: 'template-syntax',
    path: [],
    message,
    position: { file: file.path, line: Number(place?.[1] ?? 1), column: Number(place?.[2] ?? 0) + 1 },
  }
}
