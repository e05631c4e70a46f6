// Builds src/worker into FOLDER: what worker authors import as drover/worker. ES modules for plain Node, with types;
// bullmq and ioredis stay outside, since the author's program has its own.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** `alias`: other packages in the place of some, for tests. `types`: false leaves the declarations away. */
export async function buildWorker(root, folder, { alias = {}, types = true } = {}) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { index: 'src/worker/index.ts', child: 'src/worker/child.ts' },
    bundle: true,
    outdir: folder,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias,
    metafile: true,
    logLevel: 'warning',
  })
  if (types) emitTypes(root, folder)
  return Object.keys(metafile.outputs)
}

/**
 * Builds it for a trial, with BullMQ 5 or 6, below node_modules, where it finds its packages; returns its URL. What
 * trials of an hour ago and before have left is removed.
 */
export async function buildTrialWorker(root, major) {
  const cache = join(root, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  for (const name of readdirSync(cache).filter((one) => one.startsWith('trial-worker-'))) {
    const old = join(cache, name)
    const { mtimeMs } = statSync(old, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() }
    if (Date.now() - mtimeMs > 3_600_000) rmSync(old, { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(cache, 'trial-worker-'))
  await buildWorker(root, folder, { types: false, alias: major === 5 ? { bullmq: 'bullmq5' } : {} })
  return pathToFileURL(join(folder, 'index.js')).href
}

function emitTypes(root, folder) {
  const tree = join(folder, 'types')
  rmSync(tree, { recursive: true, force: true })
  const tsc = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...['--ignoreConfig', join(root, 'src/worker/index.ts')],
      ...['--declaration', '--emitDeclarationOnly', '--outDir', tree, '--rootDir', join(root, 'src')],
      ...['--target', 'es2023', '--lib', 'es2023', '--module', 'nodenext', '--types', 'node', '--strict'],
      ...['--skipLibCheck', '--allowImportingTsExtensions', '--exactOptionalPropertyTypes'],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], cwd: root },
  )
  if (tsc.status !== 0) throw new Error('the types of drover/worker cannot be made')
}
