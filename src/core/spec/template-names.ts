/**
 * The names that a template speaks of: the first part of every path in it, sorted, each once. The `rest` helper
 * prints what a block holds beyond them, so that a template need not list every key and still loses none.
 * What is no name of the data is left out: `@index`, block parameters (`as |port|`), partials, and a helper that is
 * called with arguments (`{{attr "cpu" cpu}}` names `cpu`, not `attr`).
 */
export function templateNames(program: hbs.AST.Program): string[] {
  const names = new Set<string>()
  visit(program, [], names)
  return [...names].sort()
}

type Fields = Readonly<Record<string, unknown>>

function visit(value: unknown, locals: readonly string[], names: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, locals, names)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const node = value as Fields
  if (node.type === 'PathExpression') {
    addPath(value as hbs.AST.PathExpression, locals, names)
    return
  }
  const own = node.type === 'Program' ? ((node.blockParams as string[] | undefined) ?? []) : []
  const scope = own.length > 0 ? [...locals, ...own] : locals
  const callee = calledName(node)
  for (const [key, child] of Object.entries(node)) {
    if (key !== 'loc' && child !== callee) visit(child, scope, names)
  }
}

function addPath(path: hbs.AST.PathExpression, locals: readonly string[], names: Set<string>): void {
  const first = path.parts[0]
  if (first === undefined || path.data) return
  if (path.depth === 0 && locals.includes(first)) return
  names.add(first)
}

/** The path in a node that names a helper or a partial rather than data, if it has one. */
function calledName(node: Fields): unknown {
  const { type, name, params, hash, path } = node
  if (type === 'PartialStatement' || type === 'PartialBlockStatement') {
    const isDynamic = (name as hbs.AST.Node).type === 'SubExpression'
    return isDynamic ? undefined : name
  }
  return (Array.isArray(params) && params.length > 0) || hash ? path : undefined
}
