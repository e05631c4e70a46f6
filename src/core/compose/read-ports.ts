import { compact } from '../compact.ts'
import type { Sourced } from './model.ts'
import { isNull } from './node.ts'
import { parsePort, parseRange } from './port-syntax.ts'
import type { ItemReader, MapReader } from './reader.ts'
import type { ComposePort } from './service.ts'

/** The ports of a service in long form; a range gives one port for each number in it. */
export function readPorts(service: MapReader): Sourced<ComposePort>[] {
  return service.list('ports', readPort).flatMap((port) => port.value.map((value) => ({ ...port, value })))
}

function readPort(item: ItemReader): ComposePort[] | undefined {
  if (item.node.kind === 'map') return readLong(item)
  if (isNull(item.node)) return item.fail('is empty', 'remove it')
  const line = parsePort(item.text)
  if (!line) return item.fail(`"${item.text}" is not a port`, 'write "[IP:][PUBLISHED:]CONTAINER[/udp]"')
  const { target, published, ...rest } = line
  return expand(item, target, published, rest)
}

function readLong(item: ItemReader): ComposePort[] | undefined {
  const { map } = item
  const target = map.word('target')?.value
  if (target === undefined) return item.fail('has no target', 'add "target: PORT"')
  const rest = {
    hostIp: map.word('host_ip')?.value,
    protocol: map.word('protocol')?.value ?? 'tcp',
    mode: map.word('mode')?.value,
    name: map.word('name')?.value,
    appProtocol: map.word('app_protocol')?.value,
  }
  return expand(item, target, map.word('published')?.value, compact(rest))
}

type Rest = Omit<ComposePort, 'target' | 'published'>

function expand(
  item: ItemReader,
  target: string,
  published: string | undefined,
  rest: Rest,
): ComposePort[] | undefined {
  const inside = parseRange(target)
  if (!inside) return item.fail(`"${target}" is not a port between 1 and 65535`)
  const ports = Array.from({ length: inside.to - inside.from + 1 }, (_, index) => inside.from + index)
  if (published === undefined || published === '' || published === '0')
    return ports.map((port) => ({ target: port, ...rest }))
  const outside = parseRange(published)
  if (!outside) return item.fail(`"${published}" is not a port between 1 and 65535`)
  if (ports.length === 1) {
    const single = outside.from === outside.to ? outside.from : outside
    return [{ target: inside.from, published: single, ...rest }]
  }
  if (outside.to - outside.from !== inside.to - inside.from) {
    return item.fail(`the ranges ${published} and ${target} differ in length`)
  }
  return ports.map((port, index) => ({ target: port, published: outside.from + index, ...rest }))
}
