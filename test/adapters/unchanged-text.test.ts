import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readUtf8 } from '../../src/adapters/output-folder.ts'
import { unchangedText } from '../../src/adapters/unchanged-text.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-unchanged-'))
  file = join(folder, 'a')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

/** As if every file were that old. */
const later = (ms: number) => {
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ms)
}

describe('unchangedText', () => {
  it('reads a file once while it stays as it is', () => {
    later(60_000)
    const read = vi.fn(readUtf8)
    const text = unchangedText(read)
    writeFileSync(file, 'one')
    expect([text(file), text(file)]).toEqual(['one', 'one'])
    expect(read).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['grew', () => writeFileSync(file, 'another')],
    [
      'was replaced by one of the same size',
      () => {
        writeFileSync(`${file}.new`, 'two')
        renameSync(`${file}.new`, file)
      },
    ],
  ])('reads a file again that %s', (_, change) => {
    later(60_000)
    const text = unchangedText(readUtf8)
    writeFileSync(file, 'one')
    expect(text(file)).toBe('one')
    change()
    expect(text(file)).toBe(readUtf8(file))
  })

  it('does not rely on the state of a file that was just written', () => {
    const text = unchangedText(readUtf8)
    for (const word of ['one', 'two', 'six']) {
      writeFileSync(file, word)
      expect(text(file)).toBe(word)
    }
  })

  it('leaves it to the reader to say what is wrong, and forgets what was there', () => {
    later(60_000)
    const text = unchangedText(readUtf8)
    writeFileSync(file, 'one')
    text(file)
    rmSync(file)
    expect(() => text(file)).toThrow('ENOENT')
    expect(() => text(folder)).toThrow('EISDIR')
    expect(() => text(join(file, 'below'))).toThrow('ENOENT')
  })
})
