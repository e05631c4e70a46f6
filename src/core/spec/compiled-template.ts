/** A template of templates/, compiled; made by the build, or when the program starts for `--templates`. */
export interface CompiledTemplate {
  /** For `template` of `handlebars/runtime`. */
  readonly spec: TemplateSpecification
  /** The names that the template speaks of, see templateNames. */
  readonly names: readonly string[]
}

/** By path in templates/ without extension: `service`, `partials/network`. */
export type Templates = Readonly<Record<string, CompiledTemplate>>
