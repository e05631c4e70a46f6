import { compact } from '../compact.ts'
import { parseComposeBytes } from '../units.ts'
import type { Sourced } from './model.ts'
import { isOption, isPath, type MountLine, PROPAGATIONS, splitMount } from './mount-syntax.ts'
import { childOf } from './node.ts'
import { joinPath } from './path.ts'
import type { ItemReader, MapReader } from './reader.ts'
import type { ComposeFileMount, ComposeMount, ComposeTmpfs } from './service.ts'

export function readMounts(service: MapReader): Sourced<ComposeMount>[] {
  return service.list('volumes', (item) => (item.node.kind === 'map' ? readLong(item) : readShort(item)))
}

export function readTmpfs(service: MapReader): Sourced<ComposeTmpfs>[] {
  return service.list('tmpfs', readTmpfsLine)
}

/** `secrets` or `configs` of a service; a short form is mounted under its own name in `folder`. */
export function readFileMounts(
  service: MapReader,
  key: 'secrets' | 'configs',
  folder: string,
): Sourced<ComposeFileMount>[] {
  return service.list(key, (item) => {
    const { map } = item
    const source = item.node.kind === 'map' ? map.word('source')?.value : item.text
    if (source === undefined || source === '')
      return item.fail('has no source', `name one of the top-level ${key}`)
    const target = map.word('target')?.value ?? source
    const details = { uid: map.word('uid')?.value, gid: map.word('gid')?.value, mode: readModeKey(map, item) }
    return { source, target: target.startsWith('/') ? target : folder + target, ...compact(details) }
  })
}

function readShort(item: ItemReader): ComposeMount | undefined {
  const line: MountLine = splitMount(item.text)
  const { source, target, options } = line
  const unknown = options.find((option) => !isOption(option))
  if (unknown !== undefined)
    return item.fail(`"${unknown}" is not a mount option`, 'options are ro, rw, z, Z, nocopy')
  const selinux = options.find((option) => option === 'z' || option === 'Z')
  const propagation = options.find((option) => PROPAGATIONS.includes(option))
  const nocopy = options.includes('nocopy') ? true : undefined
  return mount(item, {
    type: source !== undefined && isPath(source) ? 'bind' : 'volume',
    source,
    target,
    readOnly: options.includes('ro'),
    ...compact({ selinux, propagation, nocopy }),
  })
}

function readLong(item: ItemReader): ComposeMount | undefined {
  const { map } = item
  const [bind, volume, tmpfs] = [map.child('bind'), map.child('volume'), map.child('tmpfs')]
  const details = {
    selinux: bind.word('selinux')?.value,
    propagation: bind.word('propagation')?.value,
    nocopy: volume.flag('nocopy')?.value,
    subpath: (volume.word('subpath') ?? map.child('image').word('subpath'))?.value,
    sizeBytes: tmpfs.bytes('size')?.value,
    mode: readModeKey(tmpfs, item),
  }
  return mount(item, {
    type: map.word('type')?.value ?? 'volume',
    source: map.word('source')?.value,
    target: map.word('target')?.value ?? '',
    readOnly: map.flag('read_only')?.value ?? false,
    ...compact(details),
  })
}

const TYPES = ['volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster']

function mount(
  item: ItemReader,
  written: Omit<ComposeMount, 'source'> & { source: string | undefined },
): ComposeMount | undefined {
  const { source, type, target, ...rest } = written
  if (!TYPES.includes(type))
    return item.fail(`"${type}" is not a type of mount`, `types are ${TYPES.join(', ')}`)
  if (target === '') return item.fail('has no target', 'name a path in the container')
  if (!isPath(target)) return item.fail(`"${target}" is not an absolute path in the container`)
  if (type === 'bind' && source === undefined) return item.fail('is a bind mount without a source')
  return {
    type,
    ...(source === undefined ? {} : { source: type === 'bind' ? tidy(source) : source }),
    target,
    ...rest,
  }
}

/** `./a/../b` is `./b`; a trailing slash goes, except at the root. */
function tidy(source: string): string {
  if (!/^\.\.?(?:\/|$)/.test(source)) return source.length > 1 ? source.replace(/\/+$/, '') : source
  const path = joinPath('.', source)
  return path.startsWith('..') || path === '.' ? path : `./${path}`
}

/** `/path:size=50M,mode=1770,uid=...` */
function readTmpfsLine(item: ItemReader): ComposeTmpfs | undefined {
  const colon = item.text.indexOf(':')
  const target = colon < 0 ? item.text : item.text.slice(0, colon)
  if (!target.startsWith('/')) return item.fail(`"${target}" is not an absolute path in the container`)
  const options: string[] = []
  let sizeBytes: number | undefined
  let mode: number | undefined
  for (const option of colon < 0 ? [] : item.text.slice(colon + 1).split(',')) {
    const [, name, value = ''] = /^(size|mode)=(.*)$/.exec(option) ?? []
    if (name === 'size') sizeBytes = readSize(value, item)
    else if (name === 'mode') mode = readMode(value, item)
    else if (option !== '') options.push(option)
  }
  return { target, ...compact({ sizeBytes, mode }), options }
}

function readSize(text: string, item: ItemReader): number | undefined {
  try {
    return parseComposeBytes(text)
  } catch {
    return item.fail(`"${text}" is not a size such as "50M"`)
  }
}

/** A number is taken as it is; YAML reads `0440` as text, which is octal like any other text. */
function readModeKey(map: MapReader, item: ItemReader): number | undefined {
  const node = childOf(map.node, 'mode')
  if (node?.kind === 'scalar' && typeof node.value === 'number') return node.value
  const text = map.word('mode')?.value
  return text === undefined ? undefined : readMode(text, item)
}

/** Octal digits, which compose also takes without a leading zero. */
function readMode(text: string, item: ItemReader): number | undefined {
  const digits = text.replace(/^0o/, '')
  if (/^[0-7]{1,5}$/.test(digits)) return Number.parseInt(digits, 8)
  return item.fail(`"${text}" is not an octal mode such as "1770"`)
}
