import { dirname, join } from 'node:path/posix'
import { type Import, readSourceFacts, type SourceFacts } from './source-facts.ts'

interface Layer {
  readonly name: string
  readonly files: RegExp
  /** Names of layers that may be imported; a layer may always import itself. */
  readonly layers: readonly string[] | 'all'
  /** Packages from npm that may be imported. */
  readonly packages: readonly string[] | 'all'
  /** Node's own modules may be imported. */
  readonly node: boolean
  /** Only values in, values out: no clock, no chance, no process, nothing asynchronous. */
  readonly pure?: true
  /** Nothing but types, of its own and imported. */
  readonly typesOnly?: true
}

/** The table of docs/architecture.md. */
const LAYERS: readonly Layer[] = [
  { name: 'errors', files: /^src\/errors\.ts$/, layers: ['core'], packages: [], node: false, pure: true },
  {
    name: 'core',
    files: /^src\/core\//,
    layers: ['errors'],
    packages: ['zod', 'handlebars', 'fastest-levenshtein'],
    node: false,
    pure: true,
  },
  { name: 'ports', files: /^src\/ports\.ts$/, layers: ['core'], packages: [], node: false, typesOnly: true },
  {
    name: 'config',
    files: /^src\/config(\.ts$|\/)/,
    layers: ['core', 'errors', 'ports'],
    packages: 'all',
    node: true,
  },
  {
    name: 'log',
    files: /^src\/log(\.ts$|\/)/,
    layers: ['core', 'errors', 'ports'],
    packages: 'all',
    node: true,
  },
  {
    name: 'adapters',
    files: /^src\/adapters\//,
    layers: ['core', 'ports', 'errors', 'consul', 'worker-protocol'],
    packages: 'all',
    node: true,
  },
  {
    name: 'consul',
    files: /^consul\//,
    layers: ['core', 'ports', 'errors', 'adapters'],
    packages: 'all',
    node: true,
  },
  {
    name: 'sandbox',
    files: /^src\/sandbox\//,
    layers: ['core', 'ports', 'errors'],
    packages: ['fastify'],
    node: true,
  },
  // What workers and those who watch them agree on: both sides import it, and it imports nobody.
  {
    name: 'worker-protocol',
    files: /^src\/worker-protocol\.ts$/,
    layers: [],
    packages: [],
    node: false,
    pure: true,
  },
  {
    name: 'worker',
    files: /^src\/worker\//,
    layers: ['ports', 'errors', 'worker-protocol'],
    packages: ['bullmq', 'ioredis'],
    node: true,
  },
  {
    name: 'scaler',
    files: /^scaler\//,
    layers: ['core', 'ports', 'errors', 'config', 'log', 'adapters', 'consul'],
    packages: 'all',
    node: true,
  },
  { name: 'cli', files: /^src\/cli\//, layers: 'all', packages: 'all', node: true },
]

const COMMAND = /^src\/cli\/commands\/(?!index\.ts$)/
const MAX_LINES = 300

/** Every breach of the layers in a set of files ({path from the root: text}), each one line; none is the goal. */
export function findBreaches(
  files: Readonly<Record<string, string>>,
  aliases: Readonly<Record<string, string>> = {},
): string[] {
  const facts = Object.entries(files).map(([path, text]) => ({ path, ...readSourceFacts(path, text) }))
  const graph = new Map(facts.map(({ path, imports }) => [path, loadedBy(path, imports, aliases)]))
  return [...facts.flatMap((file) => breachesOf(file.path, file, aliases)), ...findCycles(graph)]
}

function breachesOf(path: string, facts: SourceFacts, aliases: Readonly<Record<string, string>>): string[] {
  const layer = layerOf(path)
  if (layer === undefined) return [`${path} belongs to no layer`]
  const breaches = facts.imports.flatMap((one) => importBreach(path, layer, one, aliases) ?? [])
  if (layer.pure) breaches.push(...facts.impurities.map((what) => `uses ${what}, but ${layer.name} is pure`))
  if (layer.typesOnly && facts.hasValues) breaches.push(`holds values, but ${layer.name} is types only`)
  if (facts.lines > MAX_LINES) breaches.push(`has ${facts.lines} lines; ${MAX_LINES} are the most`)
  return breaches.map((breach) => `${path} ${breach}`)
}

function importBreach(
  path: string,
  layer: Layer,
  one: Import,
  aliases: Readonly<Record<string, string>>,
): string | undefined {
  const { specifier, kind } = one
  if (layer.pure && kind === 'dynamic') return `imports ${specifier} when it runs, but ${layer.name} is pure`
  if (specifier.startsWith('node:')) return layer.node ? undefined : `imports ${specifier}`
  const target = targetOf(path, one, aliases)
  if (target === undefined)
    return isAllowed(layer.packages, packageOf(specifier)) ? undefined : `imports ${specifier}`
  if (COMMAND.test(target) && !COMMAND.test(path) && kind !== 'dynamic')
    return `imports the command ${target} before it is named`
  if (layer.name === 'cli') return undefined
  const other = layerOf(target)
  if (other === layer || (other && isAllowed(layer.layers, other.name))) return undefined
  return `imports ${target}`
}

function isAllowed(allowed: readonly string[] | 'all', name: string): boolean {
  return allowed === 'all' || allowed.includes(name)
}

function layerOf(path: string): Layer | undefined {
  return LAYERS.find(({ files }) => files.test(path))
}

/** The file that an import names, from the root; undefined for a package. */
function targetOf(
  path: string,
  { specifier }: Import,
  aliases: Readonly<Record<string, string>>,
): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(path), specifier)
  return aliases[specifier]
}

function packageOf(specifier: string): string {
  const [scope = '', name] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

/** Files that a file needs when it runs. Types may speak of each other across files: nothing is left of that. */
function loadedBy(
  path: string,
  imports: readonly Import[],
  aliases: Readonly<Record<string, string>>,
): string[] {
  return imports.filter(({ kind }) => kind !== 'type').flatMap((one) => targetOf(path, one, aliases) ?? [])
}

/** Each cycle of imports once, told from its first file by name. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles = new Set<string>()
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) {
      const ring = trail.slice(at)
      const first = ring.indexOf([...ring].sort()[0] as string)
      cycles.add(`cycle: ${[...ring.slice(first), ...ring.slice(0, first + 1)].join(' -> ')}`)
    } else if (!done.has(path)) {
      for (const next of graph.get(path) ?? []) walk(next, [...trail, path])
      done.add(path)
    }
  }
  for (const path of graph.keys()) walk(path, [])
  return [...cycles].sort()
}
