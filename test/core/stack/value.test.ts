import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literalText, substitute, toCommand, toValue } from '../../../src/core/stack/value.ts'
import { showValue } from '../../helpers/show-value.ts'

const DB = { service: 'db', part: 'address', wait: true }

describe('toValue', () => {
  it.each([
    ['text', ['text']],
    ['', []],
    [0, ['0']],
    [1.5, ['1.5']],
    [false, ['false']],
    [{ secret: 's' }, [{ secret: 's' }]],
    [{ service: 'db' }, [DB]],
    [
      { service: 'db', port: 'p', part: 'host', wait: false },
      [{ service: 'db', port: 'p', part: 'host', wait: false }],
    ],
    [
      ['a', 1, true, { secret: 's' }, '', 'b', '', 'c', { service: 'db' }, { secret: 't' }],
      ['a1true', { secret: 's' }, 'bc', DB, { secret: 't' }],
    ],
    [['', ''], []],
  ])('%j', (written, value) => expect(toValue(written as Parameters<typeof toValue>[0])).toEqual(value))
})

describe('toCommand', () => {
  it.each([
    ['redis-server --save ""', ['redis-server', '--save', '']],
    ['  a   b\tc\n', ['a', 'b', 'c']],
    ['sh -c "echo \'x y\' | grep x"', ['sh', '-c', "echo 'x y' | grep x"]],
    ["a 'b c'd\\ e", ['a', 'b cd e']],
    [
      'echo $HOME ${NOMAD_ALLOC_ID} `x` | y > z',
      ['echo', '$HOME', '${NOMAD_ALLOC_ID}', '`x`', '|', 'y', '>', 'z'],
    ],
    ['a # b', ['a', '#', 'b']],
  ])('splits %j', (command, words) => {
    expect(toCommand(command)?.map((word) => word.join(''))).toEqual(words)
  })

  it.each(['"', "a 'b", 'a \\'])('has nothing for %j', (command) =>
    expect(toCommand(command)).toBeUndefined(),
  )

  it('takes a list as it is, parts joined', () => {
    expect(toCommand(['a b', 5, ['--p=', { secret: 's' }]])).toEqual([
      ['a b'],
      ['5'],
      ['--p=', { secret: 's' }],
    ])
  })

  it('any word in single quotes comes back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
        expect(toCommand(line)?.map((word) => word.join(''))).toEqual(words)
      }),
    )
  })
})

describe('substitute', () => {
  const values = { A: { secret: 's' }, AB: { service: 'db' } }

  it.each([
    ['no marks', ['no marks']],
    ['@A@', [{ secret: 's' }]],
    ['x@A@@AB@y', ['x', { secret: 's' }, DB, 'y']],
    ['@A@AB@', [{ secret: 's' }, 'AB@']],
    ['@B@ @a@ @A', ['@B@ @a@ @A']],
    ['', []],
  ])('%j', (text, value) => expect(substitute(text, values)).toEqual(value))

  it('leaves a text without values alone', () => expect(substitute('@A@', {})).toEqual(['@A@']))
})

describe('literalText and showValue', () => {
  it.each([
    [[], '', ''],
    [['a'], 'a', 'a'],
    [['a', { secret: 's' }], undefined, 'a<secret s>'],
    [[DB], undefined, '<db>'],
  ])('%j', (value, literal, shown) => {
    expect(literalText(value as Parameters<typeof literalText>[0])).toBe(literal)
    expect(showValue(value as Parameters<typeof showValue>[0])).toBe(shown)
  })
})
