import { stripVTControlCharacters } from 'node:util'

/**
 * A text from elsewhere as one line that a terminal shows and does not obey: without control sequences, and without
 * what turns the direction of writing or joins characters, of which no two terminals know the same width.
 */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text
  return stripVTControlCharacters(text).normalize('NFC').replace(BREAKS, ' ').replace(HIDDEN, '')
}

/** Nearly every text is. */
const PLAIN = /^[\x20-\x7e]*$/
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
const HIDDEN = /[\p{C}\p{Variation_Selector}\p{Emoji_Modifier}]/gu
