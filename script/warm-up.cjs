// Runs a bundle on what people run most, so that V8 compiles the functions which that takes, and stores the result
// where bin/load-bundle.js looks for it.
const { writeFileSync } = require('node:fs')
const { join } = require('node:path')
const { loadBundle } = require('../bin/load-bundle.js')

const LINES = [
  ['--help'],
  ['render', '--stdout'],
  ['validate'],
  ['completion', 'bash'],
  ['render', '--help'],
  ['rendr'],
]

async function warmUp(file) {
  const { exports, script, cachePath } = loadBundle(file)
  const nowhere = { write: () => true }
  for (const line of LINES) {
    await exports.main(line, { cwd: join(__dirname, '..'), env: {}, stdout: nowhere, stderr: nowhere })
  }
  // V8 checks the head of a cache and believes the rest, so it must be on the disk before it is used.
  writeFileSync(cachePath, script.createCachedData(), { flush: true })
}

warmUp(process.argv[2])
