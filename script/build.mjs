// Bundles src/cli into dist/drover.cjs, dependencies of the commands included, and has V8 compile it once: see bin/load-bundle.js.
// One file, so that a start reads one file; CommonJS, since V8's code cache is not open to ES modules. Commands are
// loaded by dynamic import, and stay unevaluated in the bundle until then.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { lateModules, leanDependencies, precompiledTemplates } from './build-plugins.mjs'
import { buildWorker } from './build-worker.mjs'
import { thirdPartyNotices } from './third-party.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
/** node script/build.mjs [FOLDER]: a test builds into a folder of its own. */
const dist = process.argv[2] ?? join(root, 'dist')
mkdirSync(dist, { recursive: true })
await buildWorker(root, join(dist, 'worker'))
cpSync(join(root, 'scaler/dashboard'), join(dist, 'dashboard'), { recursive: true })

const result = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/start.ts'],
  bundle: true,
  write: false,
  outfile: 'dist/drover.cjs',
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  charset: 'ascii',
  legalComments: 'none',
  // Only the daemon loads them, and it finds them beside the bundle: native code, and packages that read their own files.
  external: ['fastify', '@fastify/swagger', 'lmdb', 'pino', 'prom-client'],
  // Stack traces keep their function names and short lines; blanks and comments are only bytes to read.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 200,
  // A script that is compiled by hand has no import(): all of it becomes require().
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  plugins: [await precompiledTemplates(root), await lateModules(root), leanDependencies()],
  metafile: true,
  logLevel: 'warning',
})

// The loader reads the bundle without decoding. esbuild writes all but regular expressions in ASCII; there, too, the
// escape means the character itself.
const code = result.outputFiles[0].text.replace(
  /[^\0-\x7f]/g,
  (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
)
const id = createHash('sha256').update(code).digest('hex').slice(0, 16)
const draft = join(dist, `draft-${process.pid}`)
mkdirSync(draft)
try {
  writeFileSync(join(draft, 'drover.cjs'), `//${id}\n${code}`)
  writeFileSync(join(draft, 'THIRD-PARTY.txt'), thirdPartyNotices(root, Object.keys(result.metafile.inputs)))
  const warmUp = spawnSync(process.execPath, [join(root, 'script/warm-up.cjs'), join(draft, 'drover.cjs')], {
    stdio: 'inherit',
  })
  if (warmUp.status !== 0)
    process.stderr.write('build: no code cache was made; drover will start more slowly\n')
  // The bundle comes last: a reader meets the old pair or the new one. Without its cache it is slower, not wrong.
  const drafts = readdirSync(draft).sort((a, b) => Number(a === 'drover.cjs') - Number(b === 'drover.cjs'))
  for (const file of drafts) renameSync(join(draft, file), join(dist, file))
} finally {
  rmSync(draft, { recursive: true })
}
for (const file of readdirSync(dist)) {
  if (file.endsWith('.v8cache') && !file.startsWith(id)) rmSync(join(dist, file), { force: true })
}
