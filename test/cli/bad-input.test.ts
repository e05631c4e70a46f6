import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CASES, two } from './bad-input-cases.ts'
import { inFolder, STACK } from './in-folder.ts'

const folder = inFolder()

describe('bad input: one clear line for each problem, no stack trace, nothing written', () => {
  it.each(Object.entries(CASES))('%s', async (_, { files, line = 'render', code, lines }) => {
    folder.write(files)
    const before = folder.read()
    const run = await folder.run(line)
    const printed = run.stderr.trimEnd().split('\n')
    expect(printed).toEqual(
      lines.length === printed.length
        ? lines.map((wanted, index) =>
            typeof wanted === 'string' ? wanted : wanted.test(printed[index] ?? '') ? printed[index] : wanted,
          )
        : lines,
    )
    expect(run.code).toBe(code)
    expect(run.stdout).toBe('')
    expect(folder.read()).toEqual(before)
    // The same for machines: one line of JSON, of the same code.
    const json = await folder.run(`${line} --json`)
    expect(json.code).toBe(code)
    expect(json.stdout).toBe('')
    expect(JSON.parse(json.stderr)).toMatchObject({ message: expect.any(String), issues: expect.any(Array) })
  })

  it('several problems are told at once, in reading order', async () => {
    folder.write({ 'stack.yml': two('depends_on: [x, y]\nenv_from: [z]\nsilence: { nonsense: why }') })
    const { code, stderr } = await folder.run('render')
    expect(code).toBe(3)
    expect(stderr.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'drover:',
      'stack.yml:10:18',
      'stack.yml:10:21',
      'stack.yml:11:16',
      'stack.yml:12:26',
      '4',
      '',
    ])
  })

  it('a link to itself', async () => {
    symlinkSync('stack.yml', join(folder.path, 'stack.yml'))
    expect(await folder.run('render')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^drover: stack\.yml is a symbolic link that leads to itself/),
    })
  })
})

const BIN = join(import.meta.dirname, '../../bin/drover.js')
const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
/** Whether another user can run this checkout at all: root's home may be closed to it. */
const runs = spawnSync(process.execPath, [BIN, '--version'], asNobody).status === 0

describe.skipIf(!runs)('without permission (needs a built checkout that other users can read)', () => {
  const run = () => {
    chmodSync(folder.path, 0o755)
    const options = { cwd: folder.path, encoding: 'utf8', ...asNobody } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'render'], options)
    return { status, stdout, stderr }
  }

  it('an output folder that is read-only: nothing is written', () => {
    folder.write({ 'stack.yml': STACK })
    mkdirSync(join(folder.path, 'jobs'))
    chmodSync(join(folder.path, 'jobs'), 0o555)
    expect(run()).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'drover: cannot write jobs/db.nomad.hcl: permission denied. Give --out a folder that can be written.\n',
    })
    expect(folder.read('jobs')).toEqual({})
  })

  it('a stack file that may not be read', () => {
    folder.write({ 'stack.yml': STACK })
    chmodSync(join(folder.path, 'stack.yml'), 0)
    expect(run()).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^drover: stack\.yml cannot be read: permission denied\. .*\n$/),
    })
  })
})
