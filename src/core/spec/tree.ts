/** Any node of a job spec. */
export type Tree = { readonly [key: string]: unknown }

/** The entries that are set. */
export function entriesOf(node: Tree): [string, unknown][] {
  return Object.entries(node).filter(([, value]) => value !== undefined)
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
