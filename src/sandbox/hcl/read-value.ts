import { type Cursor, expect, fail, IDENTIFIER, placeOf, skipBlank, skipLines, take } from './cursor.ts'
import { readHeredoc, readString } from './read-text.ts'
import { HclNotEmulated, type HclValue } from './syntax.ts'

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS: Readonly<Record<string, HclValue>> = { true: true, false: false, null: null }

/** A literal: text, number, boolean, null, list or map. Throws HclNotEmulated for what has to be computed. */
export function readValue(cursor: Cursor): HclValue {
  const first = cursor.text[cursor.at]
  if (first === '"') return readString(cursor)
  if (first === '<') return readHeredoc(cursor)
  if (first === '[') return readList(cursor)
  if (first === '{') return readMap(cursor)
  const number = take(cursor, NUMBER)
  if (number !== undefined) return Number(number)
  const place = placeOf(cursor)
  const word = take(cursor, IDENTIFIER)
  if (word !== undefined && Object.hasOwn(WORDS, word)) return WORDS[word] ?? null
  if (word !== undefined || first === '(' || first === '!') throw new HclNotEmulated('an expression', place)
  return fail(cursor, 'Invalid expression; Expected the start of an expression.')
}

function readList(cursor: Cursor): readonly HclValue[] {
  cursor.at += 1
  const items: HclValue[] = []
  for (skipLines(cursor); take(cursor, /\]/y) === undefined; skipLines(cursor)) {
    items.push(readValue(cursor))
    skipLines(cursor)
    if (cursor.text[cursor.at] !== ']') expect(cursor, /,/y, 'a comma between the items')
  }
  return items
}

function readMap(cursor: Cursor): HclValue {
  cursor.at += 1
  const entries: [string, HclValue][] = []
  for (skipLines(cursor); take(cursor, /\}/y) === undefined; skipLines(cursor)) {
    const key = cursor.text[cursor.at] === '"' ? readString(cursor) : expect(cursor, IDENTIFIER, 'a key')
    skipBlank(cursor)
    expect(cursor, /[=:]/y, 'an equals sign after the key')
    skipLines(cursor)
    entries.push([key, readValue(cursor)])
    skipBlank(cursor)
    if (cursor.text[cursor.at] !== '}') expect(cursor, /,|\r?\n/y, 'a newline or a comma after the value')
  }
  return Object.fromEntries(entries)
}
