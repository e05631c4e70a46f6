import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

export interface Asset {
  readonly type: string
  readonly plain: Buffer
  readonly zipped: Buffer
  readonly etag: string
}

/** The files of the page by name; empty when they are not where they should be, as the API does without. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  const folder = FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) =>
    existsSync(join(path, 'index.html')),
  )
  if (folder === undefined) return new Map()
  const own = readdirSync(folder).map((name) => [name, join(folder, name)] as const)
  const charts = Object.entries(CHARTS).map(([name, path]) => [name, require.resolve(path)] as const)
  return new Map(
    [...own, ...charts].flatMap(([name, path]) => {
      const type = TYPES[extname(name)]
      return type === undefined ? [] : [[name, assetOf(type, readFileSync(path))] as const]
    }),
  )
}

const require = createRequire(import.meta.url)

/** Beside the bundle, and in the source. */
const FOLDERS = ['./dashboard/', '../dashboard/']

/** The chart library, which only the page of a group loads. */
const CHARTS = { 'uplot.js': 'uplot/dist/uPlot.esm.js', 'uplot.css': 'uplot/dist/uPlot.min.css' }

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

function assetOf(type: string, plain: Buffer): Asset {
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { type, plain, zipped: gzipSync(plain, { level: 9 }), etag }
}
