import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readBindSources } from '../../src/adapters/bind-sources.ts'
import { readTexts } from '../core/compose/read-texts.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-bind-'))
  const put = (name: string, text: string | Buffer) => {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  put('text.conf', 'a: b\n')
  put('empty.conf', '')
  put('bytes.bin', Buffer.from([0, 1, 2]))
  put('large.txt', 'x'.repeat(300 * 1024))
  put('conf/b.yml', 'b')
  put('conf/sub/a.yml', 'a')
  put('mixed/a.yml', 'a')
  put('mixed/b.bin', Buffer.from([0xff, 0xfe]))
  for (let index = 0; index < 25; index++) put(`many/${index}.txt`, '')
  for (let index = 0; index < 5; index++) put(`heavy/${index}.txt`, 'x'.repeat(200 * 1024))
  mkdirSync(join(folder, 'nothing'))
  symlinkSync('/nowhere', join(folder, 'dangling'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each<[source: string, wanted: object]>([
  ['./text.conf', { kind: 'file', text: 'a: b\n' }],
  ['./empty.conf', { kind: 'file', text: '' }],
  ['./bytes.bin', { kind: 'file', why: expect.stringMatching(/not a text file/) }],
  ['./large.txt', { kind: 'file', why: expect.stringMatching(/larger than/) }],
  [
    './conf',
    {
      kind: 'folder',
      files: [
        { path: 'b.yml', text: 'b' },
        { path: 'sub/a.yml', text: 'a' },
      ],
    },
  ],
  ['./mixed', { kind: 'folder', why: 'b.bin in it is not a small text file' }],
  ['./many', { kind: 'folder', why: 'it holds more than 20 files' }],
  ['./heavy', { kind: 'folder', why: 'it holds more than 512 KB' }],
  ['./nothing', { kind: 'folder', files: [] }],
  ['./dangling', { kind: 'missing' }],
  ['./missing', { kind: 'missing' }],
])('%s', (source, wanted) => {
  const { model } = readTexts({
    'c.yml': `services:\n  a:\n    image: a:1\n    volumes: ["${source}:/x", "/etc:/etc", "named:/n"]\nvolumes: {named: {}}\n`,
  })
  expect([...readBindSources(model, folder)]).toEqual([[source, wanted]])
})
