import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { applyChanges, compareFolder } from '../../src/adapters/output-folder.ts'
import { markOf } from '../../src/core/mark.ts'
import { DroverError } from '../../src/errors.ts'

let base = ''
let folder = ''
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'drover-output-'))
  folder = join(base, 'jobs')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const OURS = (text: string) => markOf('shop') + text
const THEIRS = markOf('other')
const JSON_OURS = '{"Job":{"Meta":{"drover_stack":"shop"}}}\n'

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

function read(): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.filter((name) => /\./.test(name)).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
}

const wanted = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).map(([path, text]) => ({ path, text }))
const compare = (files: Readonly<Record<string, string>>, isComplete = true) =>
  compareFolder(folder, 'shop', wanted(files), isComplete)
const kinds = (files: Readonly<Record<string, string>>, isComplete = true) =>
  compare(files, isComplete).map(({ path, kind }) => `${path} ${kind}`)

function message(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof DroverError && error.code === 'USAGE')
      return error.message.replaceAll(`${base}/`, '')
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('compareFolder', () => {
  it('a folder that is not there has nothing', () => {
    expect(compare({ 'a.nomad.hcl': 'x' })).toEqual([
      { path: 'a.nomad.hcl', kind: 'added', before: '', after: 'x' },
    ])
  })

  it('says what is new, other, the same and gone', () => {
    write({
      'same.nomad.hcl': OURS('s'),
      'other.nomad.hcl': OURS('before'),
      'gone.nomad.hcl': OURS('g'),
      'volumes/gone.volume.hcl': OURS('v'),
      'intentions/gone.hcl': OURS('i'),
    })
    const files = {
      'same.nomad.hcl': OURS('s'),
      'other.nomad.hcl': OURS('after'),
      'new.nomad.hcl': OURS('n'),
    }
    expect(kinds(files)).toEqual([
      'same.nomad.hcl unchanged',
      'other.nomad.hcl changed',
      'new.nomad.hcl added',
      'gone.nomad.hcl removed',
      'intentions/gone.hcl removed',
      'volumes/gone.volume.hcl removed',
    ])
    expect(compare(files)[1]).toMatchObject({ before: OURS('before'), after: OURS('after') })
  })

  it('nothing is gone when not all was asked for', () => {
    write({ 'a.nomad.hcl': OURS('a') })
    expect(kinds({ 'b.nomad.hcl': OURS('b') }, false)).toEqual(['b.nomad.hcl added'])
  })

  it('leaves alone what is not from this stack', () => {
    write({
      'hand.nomad.hcl': 'job "hand" {}\n',
      'theirs.nomad.hcl': THEIRS,
      'theirs.nomad.json': '{"Job":{"Meta":{"drover_stack":"other"}}}',
      'broken.nomad.json': '{',
      'notes.md': OURS(''),
      'variables.hcl': OURS(''),
      'sub/a.nomad.hcl': OURS(''),
      'volumes/hand.hcl': OURS(''),
      'intentions/hand.json': OURS(''),
    })
    expect(kinds({})).toEqual([])
  })

  it('a job in the other format is not gone', () => {
    write({ 'a.nomad.json': JSON_OURS, 'b.nomad.json': JSON_OURS })
    expect(kinds({ 'a.nomad.hcl': OURS('a') })).toEqual(['a.nomad.hcl added', 'b.nomad.json removed'])
  })

  it.each([
    [
      'by hand',
      { 'a.nomad.hcl': 'job "a" {}\n' },
      'jobs/a.nomad.hcl was not written by drover; nothing was written',
    ],
    [
      'from another stack',
      { 'a.nomad.hcl': THEIRS },
      'jobs/a.nomad.hcl was rendered from the stack other, not shop; nothing was written',
    ],
    [
      'more of them',
      { 'a.nomad.hcl': '', 'b.nomad.hcl': THEIRS },
      'jobs/a.nomad.hcl was not written by drover (and 1 more); nothing was written',
    ],
  ])('refuses to write over what was written %s', (_, files, refusal) => {
    write(files)
    const both = { 'a.nomad.hcl': OURS('a'), 'b.nomad.hcl': OURS('b') }
    expect(message(() => compare(both))).toBe(refusal)
    expect(message(() => compare(both, false))).toBe(refusal)
    expect(read()).toEqual(files)
  })

  it('a folder that is a file', () => {
    writeFileSync(folder, '')
    expect(message(() => compare({}))).toBe('cannot read jobs: it is, or lies in, a file')
  })

  it('a job that is a folder', () => {
    mkdirSync(join(folder, 'a.nomad.hcl'), { recursive: true })
    expect(message(() => compare({}))).toBe('cannot read jobs/a.nomad.hcl: it is a folder')
  })

  it('does not mind a file where it would have a folder, until it needs one', () => {
    write({ volumes: 'mine' })
    expect(kinds({ 'a.nomad.hcl': OURS('a') })).toEqual(['a.nomad.hcl added'])
    const changes = compare({ 'volumes/v.volume.hcl': OURS('v') })
    expect(message(() => applyChanges(folder, changes))).toMatch(
      /^cannot write jobs\/volumes\/v\.volume\.hcl: it is.* a file$/,
    )
  })
})

describe('applyChanges', () => {
  it('makes the folder hold what is wanted, and leaves nothing else behind', () => {
    write({ 'other.nomad.hcl': OURS('before'), 'gone.nomad.hcl': OURS('g'), 'hand.nomad.hcl': 'mine' })
    const files = {
      'other.nomad.hcl': OURS('after'),
      'new.nomad.hcl': OURS('n'),
      'volumes/v.volume.hcl': OURS('v'),
    }
    applyChanges(folder, compare(files))
    expect(read()).toEqual({ ...files, 'hand.nomad.hcl': 'mine' })
    expect(kinds(files).filter((line) => !line.endsWith(' unchanged'))).toEqual([])
  })

  it('makes folders on the way, but none for nothing', () => {
    applyChanges(join(folder, 'a/b'), [])
    expect(readdirSync(base)).toEqual([])
    applyChanges(join(folder, 'a/b'), [{ path: 'x.nomad.hcl', kind: 'added', before: '', after: 'x' }])
    expect(readFileSync(join(folder, 'a/b/x.nomad.hcl'), 'utf8')).toBe('x')
  })

  it('does not touch what is unchanged', () => {
    write({ 'a.nomad.hcl': OURS('a') })
    chmodSync(join(folder, 'a.nomad.hcl'), 0o444)
    applyChanges(folder, compare({ 'a.nomad.hcl': OURS('a') }))
    expect(read()).toEqual({ 'a.nomad.hcl': OURS('a') })
  })

  it('follows a link to the file it stands for', () => {
    write({ '../real/a.nomad.hcl': OURS('before') })
    mkdirSync(folder)
    symlinkSync('../real/a.nomad.hcl', join(folder, 'a.nomad.hcl'))
    applyChanges(folder, compare({ 'a.nomad.hcl': OURS('after') }))
    expect(readFileSync(join(base, 'real/a.nomad.hcl'), 'utf8')).toBe(OURS('after'))
  })

  it('a folder that is a file', () => {
    writeFileSync(folder, 'x')
    const change = { path: 'a.nomad.hcl', kind: 'added', before: '', after: '' } as const
    expect(message(() => applyChanges(folder, [change]))).toBe('cannot write jobs/a.nomad.hcl: it is a file')
  })
})
