import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../src/cli/version.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A build of what is published, in a folder of its own, so that a test may break it. */
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-process-'))
  cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true })
  const build = ['script/build.mjs', join(folder, 'dist')]
  const built = spawnSync(process.execPath, build, { cwd: ROOT, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(built.stderr)
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const drover = (args: readonly string[], options: SpawnSyncOptions = {}) =>
  spawnSync(process.execPath, [join(folder, 'bin/drover.js'), ...args], {
    cwd: tmpdir(),
    ...options,
    encoding: 'utf8',
  })

const cacheFile = () => {
  const file = readdirSync(join(folder, 'dist')).find((name) => name.endsWith('.v8cache'))
  return join(folder, 'dist', file ?? 'none')
}

/** Whether V8 took the code cache, as a process of this Node sees it. */
function isCacheTaken(): boolean {
  const program = `const {loadBundle} = require(${JSON.stringify(join(folder, 'bin/load-bundle.js'))})
    console.log(loadBundle(${JSON.stringify(join(folder, 'dist/drover.cjs'))}).script.cachedDataRejected)`
  const { stdout } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
  return stdout.trim() === 'false'
}

describe('the program as a process', () => {
  it('starts through a link, from any folder, without the sources or node_modules', () => {
    const link = join(folder, 'link')
    symlinkSync(join(folder, 'bin/drover.js'), link)
    const { status, stdout, stderr } = spawnSync(link, ['--version'], { encoding: 'utf8', cwd: tmpdir() })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: `drover ${VERSION}\n`, stderr: '' })
  })

  it('is ASCII, since it is read without decoding', () => {
    const bundle = readFileSync(join(folder, 'dist/drover.cjs'))
    expect(bundle.findIndex((byte) => byte > 127)).toBe(-1)
  })

  it('parses a command line in its bundled form', () => {
    expect(drover(['completion', 'bash']).stdout).toContain('complete -o bashdefault')
    expect(drover(['completoin'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'drover: unknown command "completoin". Did you mean completion?\n',
    })
  })

  it('is quiet when its reader goes away', () => {
    const line = `"${process.execPath}" "${join(folder, 'bin/drover.js')}" --help; echo "exit $?" >&2`
    const { stdout, stderr } = spawnSync('bash', ['-c', `(sleep 0.3; ${line}) | true`], { encoding: 'utf8' })
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'exit 0\n' })
  })

  it('says what to do when it is not built', () => {
    const unbuilt = join(folder, 'unbuilt')
    cpSync(join(folder, 'bin'), join(unbuilt, 'bin'), { recursive: true })
    const { status, stderr } = spawnSync(process.execPath, [join(unbuilt, 'bin/drover.js')], {
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stderr).toBe('drover: this checkout is not built yet. Run npm ci, or npm run build.\n')
  })
})

describe('the code cache', () => {
  it('is taken by the Node that built it', () => {
    expect(isCacheTaken()).toBe(true)
  })

  it.each<[what: string, spoil: (cache: string) => void]>([
    ['is damaged', (cache) => writeFileSync(cache, readFileSync(cache).fill(7, 0, 64))],
    ['is cut short', (cache) => writeFileSync(cache, readFileSync(cache).subarray(0, 1000))],
    ['is gone', (cache) => rmSync(cache)],
    [
      'is that of another build',
      () => {
        const bundle = join(folder, 'dist/drover.cjs')
        writeFileSync(bundle, readFileSync(bundle, 'latin1').replace(/^\/\/\w{16}/, '//0123456789abcdef'))
      },
    ],
  ])('costs nothing but time when it %s', (_, spoil) => {
    const kept = join(folder, 'kept')
    cpSync(join(folder, 'dist'), kept, { recursive: true })
    spoil(cacheFile())
    expect(isCacheTaken()).toBe(false)
    expect(drover(['--version'])).toMatchObject({ status: 0, stdout: `drover ${VERSION}\n`, stderr: '' })
    rmSync(join(folder, 'dist'), { recursive: true })
    cpSync(kept, join(folder, 'dist'), { recursive: true })
    rmSync(kept, { recursive: true })
    expect(isCacheTaken()).toBe(true)
  })
})
