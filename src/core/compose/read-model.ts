import { compact } from '../compact.ts'
import type { ComposeFileObject, ComposeModel, ComposeNetwork } from './model.ts'
import { type ComposeMap, type ComposeNode, childOf } from './node.ts'
import { readService } from './read-service.ts'
import { type MapReader, type ReaderContext, readerOf } from './reader.ts'

export type ModelContent = Pick<
  ComposeModel,
  'name' | 'services' | 'volumes' | 'networks' | 'secrets' | 'configs'
>

/** Reads a merged project into the model. */
export function readModel(root: ComposeMap, context: ReaderContext): ModelContent {
  const section = <T>(
    name: string,
    read: (object: ComposeNode | undefined, name: string) => T,
  ): Record<string, T> => {
    const objects = childOf(root, name)
    const entries = objects?.kind === 'map' ? [...objects.entries] : []
    return Object.fromEntries(
      entries.filter(([key]) => !key.startsWith('x-')).map(([key, node]) => [key, read(node, key)]),
    )
  }
  const object = (name: string) => (node: ComposeNode | undefined, key: string) =>
    readerOf(node, [name, key], context)
  return {
    ...compact({ name: readerOf(root, [], context).text('name') }),
    services: section('services', (node, name) => readService(name, node as ComposeNode, context)),
    volumes: section('volumes', (node, name) => readNetwork(object('volumes')(node, name))),
    networks: section('networks', (node, name) => readNetwork(object('networks')(node, name))),
    secrets: section('secrets', (node, name) => readFileObject(object('secrets')(node, name))),
    configs: section('configs', (node, name) => readFileObject(object('configs')(node, name))),
  }
}

/** Volumes and networks differ in two switches only. */
function readNetwork(object: MapReader): ComposeNetwork {
  return {
    ...placeOf(object),
    ...compact({ name: nameOf(object), driver: object.text('driver'), external: readExternal(object) }),
    ...compact({ internal: object.flag('internal'), attachable: object.flag('attachable') }),
    driverOptions: object.pairs('driver_opts'),
    labels: object.pairs('labels'),
  }
}

function readFileObject(object: MapReader): ComposeFileObject {
  return {
    ...placeOf(object),
    ...compact({
      name: nameOf(object),
      file: object.text('file'),
      environment: object.text('environment'),
      content: object.text('content'),
      external: readExternal(object),
    }),
  }
}

/** `external: {name: N}` is the old way to write `external: true` and `name: N`. */
function readExternal(object: MapReader) {
  const { node } = object.child('external')
  return node?.kind === 'map' ? object.source('external', true) : object.flag('external')
}

function nameOf(object: MapReader) {
  return object.text('name') ?? object.child('external').text('name')
}

function placeOf({ node }: MapReader) {
  const { position, comment } = node as ComposeNode
  return { position, ...compact({ comment }) }
}
