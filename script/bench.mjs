// npm run bench -- NAME [options]: runs script/bench/NAME.mjs, which exports run({rounds}) and prints a table.
// Without a name, lists what there is.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const folder = new URL('bench/', import.meta.url)
const names = readdirSync(fileURLToPath(folder), { withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.mjs'))
  .map((entry) => entry.name.slice(0, -'.mjs'.length))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '21' } },
})
const [name] = positionals

if (!names.includes(name)) {
  process.stderr.write(`Usage: npm run bench -- NAME [--rounds N]\nNAME is one of: ${names.join(', ')}\n`)
  process.exit(2)
}
const { run } = await import(new URL(`${name}.mjs`, folder).href)
await run({ rounds: Number(values.rounds) })
