import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Parts, resolveParts } from '../../../src/core/compose/parts.ts'
import { shellSyntaxIn, splitWords } from '../../../src/core/compose/words.ts'

const V = { variable: 'V' } as const
const words = (parts: Parts): readonly Parts[] => {
  const split = splitWords(parts)
  if (!split.ok) throw new Error(split.problem)
  return split.words
}

describe('splitWords', () => {
  it.each<[Parts, Parts[]]>([
    [['celery -A app worker\n'], [['celery'], ['-A'], ['app'], ['worker']]],
    [['sh -c "echo \'a b\' && x"'], [['sh'], ['-c'], ["echo 'a b' && x"]]],
    [['python -c \'print("x")\''], [['python'], ['-c'], ['print("x")']]],
    [['sh -c "\n  cp a b\n"\n'], [['sh'], ['-c'], ['\n  cp a b\n']]],
    [['a "" b'], [['a'], [], ['b']]],
    [['a\\ b c\\"d'], [['a b'], ['c"d']]],
    [['a \\\n  b "c\\\nd"'], [['a'], ['b'], ['cd']]],
    [['"\\$a \\n \\\\"'], [['$a \\n \\']]],
    [
      ['--pass=', V, ' x'],
      [['--pass=', V], ['x']],
    ],
    [
      [V, ' "', V, ' y"'],
      [[V], [V, ' y']],
    ],
    [["'", V, "'"], [[V]]],
    [["$'a\\nb' $x"], [['$a\\nb'], ['$x']]],
    [[], []],
    [['  \n'], []],
  ])('%j', (parts, expected) => {
    expect(words(parts)).toEqual(expected)
  })

  it.each(['a "b', "it's", 'a\\'])('%j is refused', (text) => {
    expect(splitWords([text])).toEqual({ ok: false, problem: 'a quote or a backslash has nothing to end it' })
  })

  it('gives any words back that were quoted for a shell', () => {
    const unit = fc.constantFrom(...'ab $\'"\\\n|;é`')
    const quoted = (word: string) => `'${word.replaceAll("'", `'"'"'`)}'`
    fc.assert(
      fc.property(fc.array(fc.string({ unit }), { maxLength: 5 }), (list) => {
        expect(words([list.map(quoted).join(' ')]).map((word) => resolveParts(word, {}))).toEqual(list)
      }),
    )
  })

  it('agrees with the shell on texts in which a shell sees nothing but words', () => {
    const texts = fc.sample(fc.string({ unit: fc.constantFrom(...'ab "\'\\0'), maxLength: 12 }), {
      numRuns: 500,
      seed: 1,
    })
    const readable = texts.filter((text) => splitWords([text]).ok)
    // Every word ends in a zero byte, every text in a word that no text has.
    const script = readable
      .map((text) => `printf '%s\\0' ${text.trim() === '' ? '""' : text}\nprintf 'END\\0'\n`)
      .join('')
    const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
    expect(status).toBe(0)
    const seen = stdout.split('END\0').slice(0, -1)
    const read = readable.map((text) => {
      const list = words([text]).map((word) => `${resolveParts(word, {})}\0`)
      return list.length === 0 ? '\0' : list.join('')
    })
    expect(readable.length).toBeGreaterThan(100)
    expect(read).toEqual(seen)
  })
})

describe('shellSyntaxIn', () => {
  it.each([
    ['a && b', '&&'],
    ['a | b', '|'],
    ['a > f', '>'],
    ['a 2>&1', '2>&1'],
    ['a; b', ';'],
    ['a "x && y"', undefined],
    ["sh -c 'a; b'", undefined],
    ['--url=http://h/?a=1&b=2', undefined],
    ['a\\;b', undefined],
  ])('%s: %s', (text, expected) => {
    expect(shellSyntaxIn([text])).toBe(expected)
  })
})
