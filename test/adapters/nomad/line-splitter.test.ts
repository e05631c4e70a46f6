import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineSplitter } from '../../../src/adapters/nomad/line-splitter.ts'

function split(chunks: readonly Buffer[], max = 1000): { lines: string[]; oversize: number } {
  const lines: string[] = []
  let oversize = 0
  const push = lineSplitter(
    max,
    (line) => lines.push(line),
    () => {
      oversize += 1
    },
  )
  for (const chunk of chunks) push(chunk)
  return { lines, oversize }
}

describe('lineSplitter()', () => {
  it('finds the same lines however the bytes are cut', () => {
    const text = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1 }).map((s) => `x${s.replace(/\s/g, '')}x`),
    )
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 20 }), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
        const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
        expect(split(chunks)).toEqual({ lines, oversize: 0 })
      }),
    )
  })

  it('drops a line that is too long, says so once, and goes on with the next', () => {
    const chunks = ['a\n', 'b'.repeat(6), 'b'.repeat(6), 'b\nc\n'].map((text) => Buffer.from(text))
    expect(split(chunks, 10)).toEqual({ lines: ['a', 'c'], oversize: 1 })
  })

  it('holds no line back, and tells none before its end', () => {
    expect(split([Buffer.from('{}\n{"a"')]).lines).toEqual(['{}'])
  })
})
