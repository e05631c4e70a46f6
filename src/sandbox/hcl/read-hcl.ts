import { type Cursor, endLine, fail, IDENTIFIER, placeOf, skipBlank, skipLines, take } from './cursor.ts'
import { readString } from './read-text.ts'
import { readValue } from './read-value.ts'
import { type HclAttribute, type HclBlock, type HclBody, HclError } from './syntax.ts'

/**
 * Reads HCL of literals: blocks, arguments, texts, heredocs, lists, maps, comments. Throws HclError for what is no HCL,
 * HclNotEmulated for what has to be computed.
 */
export function readHcl(text: string): HclBody {
  const cursor: Cursor = { text, at: 0 }
  const body = readBody(cursor)
  if (cursor.at < text.length) fail(cursor, 'Argument or block definition required.')
  return body
}

/** Ends before a brace that closes it, or at the end of the text. */
function readBody(cursor: Cursor): HclBody {
  const attributes: HclAttribute[] = []
  const blocks: HclBlock[] = []
  for (
    skipLines(cursor);
    cursor.at < cursor.text.length && cursor.text[cursor.at] !== '}';
    skipLines(cursor)
  ) {
    const at = placeOf(cursor)
    const name = take(cursor, IDENTIFIER) ?? fail(cursor, 'Argument or block definition required.')
    skipBlank(cursor)
    if (take(cursor, /=/y) !== undefined) {
      skipBlank(cursor)
      if (attributes.some(({ key }) => key === name))
        throw new HclError(`Attribute redefined; "${name}" was set before.`, at)
      attributes.push({ key: name, value: readValue(cursor), at })
      endLine(cursor, 'argument')
    } else {
      blocks.push({ type: name, labels: readLabels(cursor), body: readBlock(cursor), at })
      endLine(cursor, 'block definition')
    }
  }
  return { attributes, blocks }
}

function readLabels(cursor: Cursor): string[] {
  const labels: string[] = []
  for (;;) {
    skipBlank(cursor)
    if (cursor.text[cursor.at] === '"') labels.push(readString(cursor))
    else {
      const word = take(cursor, IDENTIFIER)
      if (word === undefined) return labels
      labels.push(word)
    }
  }
}

function readBlock(cursor: Cursor): HclBody {
  const start = placeOf(cursor)
  if (take(cursor, /\{/y) === undefined)
    fail(
      cursor,
      'Invalid block definition; Either a quoted string block label or an opening brace ("{") is expected here.',
    )
  skipBlank(cursor)
  const body = readBody(cursor)
  const { line } = placeOf(cursor)
  if (take(cursor, /\}/y) === undefined) fail(cursor, 'Unclosed configuration block.')
  if (line === start.line && body.attributes.length + body.blocks.length > 1)
    fail(cursor, 'Invalid single-argument block definition.')
  return body
}
