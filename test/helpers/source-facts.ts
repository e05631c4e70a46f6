import { parseSync } from 'vite'

export interface Import {
  readonly specifier: string
  readonly kind: 'value' | 'type' | 'dynamic'
}

export interface SourceFacts {
  readonly imports: readonly Import[]
  /** What the file does that pure code does not: `Date.now`, `async`, ... each once. */
  readonly impurities: readonly string[]
  /** Whether the file exports or runs anything that is there at run time. */
  readonly hasValues: boolean
  readonly lines: number
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string }

/** Names whose very mention makes code depend on more than its arguments. */
const IMPURE_GLOBALS = new Set([
  'process',
  'console',
  'fetch',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
])
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random'])

/** What a TypeScript file imports and does, from its syntax tree. Throws when it does not parse. */
export function readSourceFacts(path: string, text: string): SourceFacts {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const imports: Import[] = []
  const impurities = new Set<string>()
  visit(program as unknown as Node, undefined, (node, parent) => {
    const found = importOf(node)
    if (found) imports.push(found)
    const impurity = impurityOf(node, parent)
    if (impurity) impurities.add(impurity)
  })
  const hasValues = (program.body as unknown as Node[]).some((statement) => !isTypeOnly(statement))
  return { imports, impurities: [...impurities].sort(), hasValues, lines: text.trimEnd().split('\n').length }
}

function visit(
  node: Node,
  parent: Node | undefined,
  see: (node: Node, parent: Node | undefined) => void,
): void {
  see(node, parent)
  for (const child of Object.values(node).flat()) {
    if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node, node, see)
  }
}

function importOf(node: Node): Import | undefined {
  const specifier = (node.source as { value?: unknown } | null | undefined)?.value
  if (typeof specifier !== 'string') return undefined
  if (node.type === 'ImportExpression') return { specifier, kind: 'dynamic' }
  if (node.type === 'TSImportType' || isTypeOnly(node)) return { specifier, kind: 'type' }
  return { specifier, kind: 'value' }
}

function isTypeOnly(node: Node): boolean {
  if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') return true
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const specifiers = node.specifiers
  if (node.type !== 'ImportDeclaration' || !Array.isArray(specifiers) || specifiers.length === 0) return false
  return specifiers.every((specifier: Node) => specifier.importKind === 'type')
}

function impurityOf(node: Node, parent: Node | undefined): string | undefined {
  if (node.async === true) return 'async'
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date') return 'new Date'
  if (node.type === 'MemberExpression') {
    const member = `${nameOf(node.object)}.${nameOf(node.property)}`
    return IMPURE_MEMBERS.has(member) ? member : undefined
  }
  const name = nameOf(node)
  if (name === undefined || !IMPURE_GLOBALS.has(name)) return undefined
  const isKey =
    (parent?.key === node && parent.shorthand !== true) ||
    (parent?.property === node && parent.computed !== true)
  return isKey ? undefined : name
}

function nameOf(node: unknown): string | undefined {
  const { type, name } = node as { type?: unknown; name?: unknown }
  return type === 'Identifier' && typeof name === 'string' ? name : undefined
}
