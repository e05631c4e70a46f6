import { keyPrefix, SCALER_SERVICE } from '../src/core/consul/names.ts'
import { hclString } from '../src/core/spec/hcl.ts'
import { layout } from '../src/core/spec/layout.ts'
import type { Stack } from '../src/core/stack/stack.ts'

/**
 * The least ACL policy with which Drover does all it does for a stack: `drover consul` and the scaler.
 * @param services what Drover registers for the stack, by name
 * @param destinations services whose intentions it writes
 */
export function consulPolicy(
  stack: Stack,
  services: readonly string[],
  destinations: readonly string[],
): string {
  const registered = [...new Set([...services, SCALER_SERVICE])].sort()
  const names = [...new Set([...registered, ...destinations])].sort()
  const rules = names.map((name) =>
    block('service', name, [
      registered.includes(name) ? 'policy = "write"' : 'policy = "read"',
      ...(destinations.includes(name) ? ['intentions = "write"'] : []),
    ]),
  )
  return layout(
    [
      `# What Drover needs for the stack ${stack.name}: to register what Nomad does not, and to say how it is,`,
      ...rules,
      '# and to keep the live numbers of its worker groups.',
      block('key_prefix', keyPrefix(stack.name), ['policy = "write"']),
    ].join('\n'),
  )
}

function block(type: string, name: string, lines: readonly string[]): string {
  return `${type} ${hclString(name)} {\n${lines.join('\n')}\n}\n`
}
