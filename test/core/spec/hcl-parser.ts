import { parse } from '@cdktn/hcl2json'

/**
 * What HashiCorp's own HCL parser, built for WebAssembly, reads from HCL. It answers in Terraform's JSON, where a text
 * is a template still; the escapes of templates are undone here.
 */
export async function parseHcl(hcl: string): Promise<Record<string, unknown>> {
  return literal(await parse('job.hcl', hcl)) as Record<string, unknown>
}

function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{')
  if (Array.isArray(value)) return value.map(literal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [literal(key), literal(item)]))
}
