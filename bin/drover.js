#!/usr/bin/env node
'use strict'

const { join } = require('node:path')
const { loadBundle } = require('./load-bundle.js')

let bundle
try {
  bundle = loadBundle(join(__dirname, '..', 'dist', 'drover.cjs'))
} catch (error) {
  if (error.code !== 'ENOENT') throw error
  process.stderr.write('drover: this checkout is not built yet. Run npm ci, or npm run build.\n')
  process.exit(2)
}
bundle.exports.start(process)
