import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createStackReader, listEnvironments, loadStack, overlayPath } from '../../src/adapters/stack-file.ts'
import { formatIssue } from '../../src/core/issue.ts'
import { DroverError } from '../../src/errors.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-stack-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(files: Readonly<Record<string, string | Buffer>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return join(folder, 'stack.yml')
}

/** The error of a run, and its lines without the folder. */
function failing(run: () => unknown): {
  code: string
  message: string
  hint: string | undefined
  lines: string[]
} {
  try {
    run()
  } catch (error) {
    if (!(error instanceof DroverError)) throw error
    const short = (text: string) => text.replaceAll(`${folder}/`, '')
    const { code, message, hint, issues } = error
    return {
      code,
      message: short(message),
      hint: hint && short(hint),
      lines: issues.map((issue) => short(formatIssue(issue))),
    }
  }
  throw new Error('nothing was thrown')
}

const API = 'name: shop\nservices:\n  api:\n    image: a:1\n    checks: [{ type: script, command: x }]\n'

describe('overlays', () => {
  it.each([
    ['stack.yml', 'dev', 'stack.dev.yml'],
    ['a/b.stack.yaml', 'prod', 'a/b.stack.prod.yaml'],
    ['stack', 'dev', 'stack.dev'],
    ['/x/stack.yml', 'a-b', '/x/stack.a-b.yml'],
  ])('of %s for %s is %s', (file, environment, path) => expect(overlayPath(file, environment)).toBe(path))

  it('lists the environments that there are', () => {
    const file = write({
      'stack.yml': '',
      'stack.prod.yml': '',
      'stack.dev.yml': '',
      'stack.a.b.yml': '',
      'stack.x.json': '',
      'other.dev.yml': '',
      'stackdev.yml': '',
    })
    expect(listEnvironments(file)).toEqual(['dev', 'prod'])
    expect(listEnvironments(join(folder, 'no/stack.yml'))).toEqual([])
  })

  it('are laid over the stack, and a problem stands where it was written', () => {
    const file = write({
      'stack.yml': API,
      'stack.dev.yml': 'services:\n  api:\n    count: 2\n',
      'stack.bad.yml': 'services:\n  api:\n    count: two\n    depends_on: [nobody]\n',
    })
    expect(loadStack({ file, environment: 'dev' }).stack.jobs[0]?.count).toBe(2)
    expect(failing(() => loadStack({ file, environment: 'bad' }))).toMatchObject({
      code: 'STACK_INVALID',
      message: 'stack.yml has an error',
      lines: ['stack.bad.yml:3:12 services.api.count: expected a number, got the text "two"'],
    })
  })

  it('may be empty', () => {
    const file = write({ 'stack.yml': API, 'stack.dev.yml': '# nothing yet\n' })
    expect(loadStack({ file, environment: 'dev' }).stack).toEqual(loadStack({ file }).stack)
  })

  it('that are not there name those that are', () => {
    const file = write({ 'stack.yml': API, 'stack.dev.yml': '' })
    expect(failing(() => loadStack({ file, environment: 'prod' }))).toMatchObject({
      code: 'USAGE',
      message: 'there is no environment prod: stack.prod.yml does not exist',
      hint: 'The environments are dev.',
    })
    rmSync(join(folder, 'stack.dev.yml'))
    expect(failing(() => loadStack({ file, environment: 'prod' })).hint).toBe(
      'Create stack.prod.yml, or leave --env away.',
    )
  })

  it('with bad YAML are told together with the stack itself', () => {
    const file = write({ 'stack.yml': 'name: a\nname: b\n', 'stack.dev.yml': 'x: [\n' })
    const { code, lines } = failing(() => loadStack({ file, environment: 'dev' }))
    expect(code).toBe('STACK_INVALID')
    expect(lines.map((line) => line.split(':')[0])).toEqual(['stack.yml', 'stack.dev.yml'])
  })
})

describe('embedded files', () => {
  const FILES = `${API}    files: { /etc/x: { source: conf/x } }\n`

  it('are read beside the stack file, and may be empty', () => {
    const file = write({ 'stack.yml': FILES, 'conf/x': '\ufefftext {{ x }}\n' })
    expect(loadStack({ file }).stack.jobs[0]?.main.files[0]?.content).toEqual(['text {{ x }}\n'])
    write({ 'conf/x': '' })
    expect(loadStack({ file }).stack.jobs[0]?.main.files[0]?.content).toEqual([])
  })

  it.each([
    ['is missing', undefined, 'conf/x does not exist (the path is relative to the stack file)'],
    ['is a folder', { 'conf/x/y': '' }, 'conf/x is a directory, not a file (name a file in it)'],
    ['is larger than Nomad takes', { 'conf/x': 'x'.repeat(512 * 1024 + 1) }, 'conf/x is larger than'],
    ['is no text', { 'conf/x': Buffer.from([0xff, 0x41]) }, 'conf/x:1 is not UTF-8: byte 0 is 0xff'],
  ])('one that %s is an issue where it is named', (_, files, message) => {
    const file = write({ 'stack.yml': FILES, ...files })
    const { code, lines } = failing(() => loadStack({ file }))
    expect(code).toBe('STACK_INVALID')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(`stack.yml:6:32 services.api.files["/etc/x"].source: ${message}`)
  })
})

describe('what is wrong', () => {
  it('is told at once: forms first, then all rules, errors and warnings', () => {
    const file = write({
      'stack.yml': `name: shop
services:
  api:
    image: a:latest
    env_from: [nope]
    depends_on: [nobody]
    x-nomad: { prioritty: 5 }
`,
    })
    const { code, message, lines } = failing(() => loadStack({ file }))
    expect(code).toBe('STACK_INVALID')
    expect(message).toBe('stack.yml has 3 errors')
    expect(lines.map((line) => line.split(' ')[1])).toEqual([
      'services.api.env_from[0]:',
      'services.api.depends_on[0]:',
      'services.api.image:',
      'services.api:',
      'services.api.x-nomad.prioritty:',
    ])
  })

  it('warnings come with a stack that is used all the same', () => {
    const file = write({ 'stack.yml': 'name: shop\nservices:\n  api: { image: a:1 }\n' })
    expect(loadStack({ file }).warnings.map(formatIssue)).toEqual([
      expect.stringMatching(/stack\.yml:3:3 services\.api: the service api has no check/),
    ])
  })

  it('patches of all profiles are looked at', () => {
    const file = write({ 'stack.yml': `${API}    profiles: [p]\n    x-nomad: { prioritty: 5 }\n` })
    expect(failing(() => loadStack({ file })).lines).toHaveLength(1)
  })
})

describe('createStackReader', () => {
  const WHOLE = {
    'stack.yml': `${API}    files: { /f: { source: f } }\n`,
    'stack.dev.yml': 'services: { api: { count: 2 } }\n',
    f: 'one',
  }

  it('names every file that it reads, also of a stack that is wrong', () => {
    const file = write(WHOLE)
    const names = ['stack.yml', 'stack.dev.yml', 'f'].map((name) => join(folder, name))
    const told: string[] = []
    const { files } = createStackReader()({ file, environment: 'dev', onFile: (name) => told.push(name) })
    expect(files).toEqual(names)
    expect(told).toEqual(names)
    told.length = 0
    write({ 'stack.dev.yml': 'x: [\n' })
    failing(() => createStackReader()({ file, environment: 'dev', onFile: (name) => told.push(name) }))
    expect(told).toEqual(names.slice(0, 2))
  })

  it('reads again what a new reader would read', () => {
    const file = write(WHOLE)
    const read = createStackReader()
    const steps: Record<string, string>[] = [
      {},
      { f: 'two' },
      { 'stack.yml': `${WHOLE['stack.yml']}  web: { image: w:1, env: { A: { service: api } } }\n` },
      {
        'stack.yml': `${WHOLE['stack.yml']}    ports: { p: 80 }\n  web: { image: w:1, env: { A: { service: api } } }\n`,
      },
      { 'stack.dev.yml': 'services: { api: { image: b:2 } }\n' },
      { 'stack.yml': 'name: shop\nservices:\n' },
      WHOLE,
    ]
    for (const step of steps) {
      write(step)
      const outcome = (reader: typeof read) => {
        try {
          const { stack, warnings } = reader({ file, environment: 'dev' })
          return { stack, warnings }
        } catch (error) {
          return (error as DroverError).issues
        }
      }
      expect(outcome(read)).toEqual(outcome(createStackReader()))
    }
  })

  it('keeps what did not change', () => {
    const file = write({ 'stack.yml': `${API}  web:\n    image: w:1\n` })
    const read = createStackReader()
    const jobs = () => read({ file }).stack.jobs
    jobs()
    const before = jobs()
    write({ 'stack.yml': `${API}  web:\n    image: w:2\n` })
    const after = jobs()
    expect(after[0]).toBe(before[0])
    expect(after[1]).not.toEqual(before[1])
  })
})
