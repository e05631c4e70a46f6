import { compact } from '../compact.ts'
import { splitWords } from '../compose/words.ts'
import type { WrittenCommand, WrittenFilePart, WrittenPart, WrittenValue } from './schema/values.ts'
import type { Part, Value } from './stack.ts'

/** The normal form of a written value: a list of parts, neighbouring texts joined. */
export function toValue(written: WrittenValue): Value {
  return joinTexts((Array.isArray(written) ? written : [written]).map(toPart))
}

/** Splits a written command like a shell does; undefined when a quote is not closed. */
export function toCommand(written: WrittenCommand): Value[] | undefined {
  if (typeof written !== 'string') return written.map((argument) => toValue(argument))
  const split = splitWords([written])
  // A text without variables gives words without them.
  return split.ok
    ? split.words.map((word) => joinTexts(word.filter((part) => typeof part === 'string')))
    : undefined
}

/** Replaces each `@NAME@` in a text by its part. */
export function substitute(text: string, values: Readonly<Record<string, WrittenFilePart>>): Value {
  const names = Object.keys(values)
  if (names.length === 0) return joinTexts([text])
  const pieces = text.split(new RegExp(`@(${names.join('|')})@`))
  return joinTexts(
    pieces.map((piece, index) => (index % 2 === 1 ? toPart(values[piece] as WrittenFilePart) : piece)),
  )
}

/** The text of a value that holds nothing but text; undefined when a part is known only at run time. */
export function literalText(value: Value): string | undefined {
  if (value.length === 0) return ''
  return value.length === 1 && typeof value[0] === 'string' ? value[0] : undefined
}

function toPart(written: WrittenPart | WrittenFilePart): Part {
  if (typeof written !== 'object') return String(written)
  if ('secret' in written)
    return compact({ secret: written.secret, quote: 'quote' in written ? written.quote : undefined })
  const { service, port, part = 'address', wait = true } = written
  return compact({ service, port, part, wait })
}

function joinTexts(parts: readonly Part[]): Value {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '') joined.push(part)
  }
  return joined
}
