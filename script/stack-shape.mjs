import { Ajv2020 } from 'ajv/dist/2020.js'
import standalone from 'ajv/dist/standalone/index.js'
import { build } from 'esbuild'

/**
 * The stack's schema as a function: `module.exports = (value) => boolean`, source text without imports but for what
 * Ajv brings along. Lengths are counted and expressions matched as zod does.
 */
export function compileShape(schema) {
  const ajv = new Ajv2020({
    code: { source: true, optimize: true },
    inlineRefs: false,
    unicode: false,
    logger: false,
    unicodeRegExp: false,
    strict: false,
    validateFormats: false,
    messages: false,
  })
  return standalone.default(ajv, ajv.compile(schema))
}

/** The JSON form of the stack's schema, from the source that the build is made of. */
export async function readSchema(root) {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { stackJsonSchema } from './src/core/stack/json-schema.ts'`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  const { stackJsonSchema } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  )
  return stackJsonSchema()
}
