import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readText } from '../../src/adapters/read-text.ts'
import { DroverError } from '../../src/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'drover-read-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
function file(content: string | Uint8Array): string {
  const path = join(folder, `${count++}.yml`)
  writeFileSync(path, content)
  return path
}

function failure(path: string, options?: Parameters<typeof readText>[1]): [code: string, message: string] {
  try {
    readText(path, options)
  } catch (error) {
    if (error instanceof DroverError) return [error.code, error.message.replaceAll(path, 'FILE')]
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('readText', () => {
  it('reads UTF-8 without its byte order mark', () => {
    expect(readText(file('name: Zürich 🚲\n'))).toBe('name: Zürich 🚲\n')
    expect(readText(file('\uFEFFname: a\n'))).toBe('name: a\n')
    expect(readText(file('a real \uFFFD\n'))).toBe('a real \uFFFD\n')
  })

  it('reads what has no size to go by', () => {
    expect(readText('/proc/self/status')).toContain('Pid:')
  })

  it('says what is wrong with the path', () => {
    const loop = join(folder, 'loop.yml')
    symlinkSync(loop, loop)
    mkdirSync(join(folder, 'directory'))
    expect(failure(join(folder, 'none.yml'))).toEqual(['USAGE', 'FILE does not exist'])
    expect(failure(join(file('a'), 'b'))).toEqual([
      'USAGE',
      'FILE does not exist: a part of its path is a file',
    ])
    expect(failure(join(folder, 'directory'))).toEqual(['USAGE', 'FILE is a directory, not a file'])
    expect(failure(loop)).toEqual(['USAGE', 'FILE is a symbolic link that leads to itself'])
    expect(failure(join(folder, 'x'.repeat(300)))).toEqual(['USAGE', 'FILE is too long a name'])
  })

  it.skipIf(process.getuid?.() === 0)('says when it may not be read', () => {
    const path = file('a: 1')
    chmodSync(path, 0)
    expect(failure(path)).toEqual(['USAGE', 'FILE cannot be read: permission denied'])
  })

  it('refuses large files', () => {
    expect(failure(file('x'.repeat(10 * 1024 ** 2)))).toEqual(['USAGE', 'FILE is larger than 2 MB'])
    expect(failure(file('12345'), { maxBytes: 4 })).toEqual(['USAGE', 'FILE is larger than 4 bytes'])
    expect(readText(file('1234'), { maxBytes: 4 })).toBe('1234')
    expect(failure('/proc/self/status', { maxBytes: 100 })).toEqual([
      'USAGE',
      'FILE is larger than 100 bytes',
    ])
  })

  it.each([
    ['empty', '', 'FILE is empty'],
    ['blanks alone', '\n  \n', 'FILE is empty'],
    ['a byte order mark alone', '\uFEFF', 'FILE is empty'],
    ['a zero byte', 'a: 1\nb: \0', 'FILE:2 holds a zero byte (byte 8), so it is not a text file'],
    ['Latin-1', new Uint8Array([97, 58, 32, 0xfc, 10]), 'FILE:1 is not UTF-8: byte 3 is 0xfc'],
    [
      'Latin-1 further down',
      Buffer.concat([Buffer.from('ä: ü\n\uFFFD: '), new Uint8Array([0xe4, 10])]),
      'FILE:2 is not UTF-8: byte 12 is 0xe4',
    ],
    ['a cut sequence', new Uint8Array([97, 0xe2, 0x82]), 'FILE:1 is not UTF-8: byte 1 is 0xe2'],
  ])('refuses %s', (_, content, message) => {
    expect(failure(file(content))).toEqual(['STACK_INVALID', message])
  })

  it('guesses UTF-16 and says what to do', () => {
    const path = file(Buffer.from('\uFEFFname: a\n', 'utf16le'))
    expect(() => readText(path)).toThrow(
      expect.objectContaining({ hint: 'It looks like UTF-16: save it as UTF-8.' }),
    )
  })

  it('lets an empty file through on demand', () => {
    expect(readText(file(''), { allowEmpty: true })).toBe('')
  })
})
