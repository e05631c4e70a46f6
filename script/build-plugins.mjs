import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

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
