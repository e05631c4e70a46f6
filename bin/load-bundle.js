'use strict'

const { readFileSync } = require('node:fs')
const { basename, dirname, join } = require('node:path')
const { setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')

// V8 optimises what has run for a while; a command is over before that pays, and on two cores it costs a quarter of
// the processor time and 10 MB. So let it wait fifteen times as long: a command of half a second loses a twentieth.
// What goes on for long is left alone. The option is V8's own and may change, hence only where it was measured.
const GOES_ON = ['--watch', '--follow', 'scaler', 'sandbox']
if (process.version.startsWith('v20.')) {
  if (!process.argv.some((word) => GOES_ON.includes(word))) setFlagsFromString('--interrupt-budget=1000000')
  // Reading a large stack makes the space for young objects grow to its 48 MB, and a daemon that then idles for weeks
  // would keep them. With little of it objects grow old sooner, and V8 would let those become half as much again
  // before it looks which of them are garbage: a fifth costs one look in some seconds and spares 10 to 30 MB.
  else if (process.argv.includes('scaler')) {
    setFlagsFromString('--semi-space-growth-factor=1')
    setFlagsFromString('--heap-growing-percent=20')
  }
}

/**
 * Loads the bundle with the bytecode that V8 made of it at build time, which takes a quarter off a cold render.
 *
 * The cache lies beside the bundle, where only who may write the program may write; it is never written at run
 * time. Its name holds the bundle's own build id (first line), Node's version and the processor, and V8 checks
 * its own version and flags again: whatever does not fit is not used, and the source is compiled as usual. Unlike
 * Node's own compile cache (22.1 and later) this works in every Node that Drover supports, and without a folder
 * under /tmp.
 *
 * The bundle is ASCII (the build sees to it), hence latin1: it is read without decoding.
 */
function loadBundle(file) {
  const source = readFileSync(file, 'latin1')
  const cachedData = readIfThere(cachePath(file, source))
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    // Only the name: V8 keeps it in the cache, and the build's folder is nobody's business.
    filename: basename(file),
    ...(cachedData && { cachedData }),
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, require, module, file, dirname(file))
  return { exports: module.exports, script, cachePath: cachePath(file, source) }
}

/** The first line of a bundle is `//` and its build id. */
function cachePath(file, source) {
  const id = source.slice(2, source.indexOf('\n'))
  return join(dirname(file), `${id}-${process.version}-${process.arch}.v8cache`)
}

function readIfThere(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

module.exports = { loadBundle }
