/** JSON with the keys of every map sorted, so that equal values are equal texts. */
export function stableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, part) => (isMap(part) ? sorted(part) : part), indent)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(map: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)))
}
