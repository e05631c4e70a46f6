import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { compileShape, readSchema } from './stack-shape.mjs'

/** Puts the templates, precompiled, in the place of `#templates`. Exits with every syntax error of theirs. */
export async function precompiledTemplates(root) {
  const { compileTemplates, formatIssue, listTemplates } = await importSource(root)
  const { templates, issues } = compileTemplates(listTemplates(join(root, 'templates')))
  if (issues.length > 0) {
    process.stderr.write(`${issues.map(formatIssue).join('\n')}\n`)
    process.exit(1)
  }
  const entries = Object.entries(templates).map(
    ([name, { code, names }]) => `${JSON.stringify(name)}:{spec:${code},names:${JSON.stringify(names)}}`,
  )
  return {
    name: 'precompiled-templates',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#templates$/ }, () => ({ path: '#templates', namespace: 'templates' }))
      onLoad({ filter: /.*/, namespace: 'templates' }, () => ({
        contents: `export default {${entries.join(',\n')}}`,
      }))
    },
  }
}

/** The project's own compiler of templates, bundled on the fly: Node 20 reads no TypeScript. */
async function importSource(root) {
  const outfile = join(root, 'dist', `compile-templates.${process.pid}.mjs`)
  await build({
    stdin: {
      contents: `export * from './src/adapters/compile-templates.ts'; export { formatIssue } from './src/core/issue.ts'`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  })
  try {
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(outfile)
  }
}

/**
 * Leaves out what dependencies do for others and every start would pay for: yargs measures text with Intl.Segmenter
 * (25 ms, for help pages that Drover writes itself) and reads its messages from disk; zod brings fifty languages;
 * handlebars maps templates to sources, and does without when it finds nothing to do it with; write-file-atomic
 * loads node:crypto (5 ms) even if nothing is written.
 */
export function leanDependencies() {
  const contents = {
    'string-width': 'export default (text) => text.length',
    y18n: `import { format } from 'node:util'
export default () => ({
  __: (text, ...values) => format(text, ...values),
  __n: (one, many, count, ...values) => format(count === 1 ? one : many, ...values),
  getLocale: () => 'en', setLocale() {}, updateLocale() {},
})`,
    'source-map': 'module.exports = {}',
    'node:crypto': `exports.createHash = (...options) => require('node:crypto').createHash(...options)`,
    'zod-locales': `export { default as en } from './en.js'`,
  }
  return {
    name: 'lean-dependencies',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(string-width|y18n)$/ }, ({ path, importer }) =>
        /[\\/](yargs|cliui|wrap-ansi)[\\/]/.test(importer) ? { path, namespace: 'lean' } : undefined,
      )
      onResolve({ filter: /^source-map$/ }, ({ path }) => ({ path, namespace: 'lean' }))
      onResolve({ filter: /^node:crypto$/ }, ({ path, importer, namespace }) =>
        namespace === 'file' && /[\\/]write-file-atomic[\\/]/.test(importer)
          ? { path, namespace: 'lean' }
          : undefined,
      )
      onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({
        contents: contents[path],
        resolveDir: '/',
      }))
      onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
        contents: contents['zod-locales'],
      }))
    },
  }
}

/**
 * Puts functions that load the rest of their module when they are called in the place of modules that few runs
 * need: zod and all schemas are behind them. `fits` is compiled from the stack's schema instead.
 */
export async function lateModules(root) {
  const shape = compileShape(await readSchema(root))
  const late = {
    'src/core/stack/shape.ts': `import fits from 'stack-shape'
export { fits }
export const misfits = (value) => require('./shape.ts?whole').misfits(value)`,
    'src/core/spec/drivers/check-config.ts': `export const checkConfig = (...args) => require('./check-config.ts?whole').checkConfig(...args)`,
  }
  return {
    name: 'late-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\?whole$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.replace('?whole', '')),
        suffix: '?whole',
      }))
      onResolve({ filter: /^stack-shape$/ }, () => ({ path: 'stack-shape', namespace: 'stack-shape' }))
      onLoad({ filter: /.*/, namespace: 'stack-shape' }, () => ({ contents: shape, resolveDir: root }))
      for (const [file, contents] of Object.entries(late)) {
        const path = join(root, file)
        onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, (args) =>
          args.path === path && args.suffix === ''
            ? { contents, loader: 'ts', resolveDir: dirname(path) }
            : undefined,
        )
      }
    },
  }
}
