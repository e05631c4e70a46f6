/**
 * The value of unquoted text by YAML 1.2's core rules: `yes`, `no` and `on` are texts. Numbers that would not
 * come back as they were written stay texts, because guessing would change them silently: a leading zero
 * (`0770`: octal to some readers, decimal to others) and whole numbers past 2^53.
 */
export function resolvePlain(text: string): string | number | boolean | null {
  const first = text.charCodeAt(0)
  // Digits, signs and the dot start numbers; of the rest only six words and "~" are no texts.
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return resolveNumber(text)
  return text.length > 5 ? text : (WORDS.get(text) ?? (NULLS.has(text) ? null : text))
}

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL'])
const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
])

const INTEGER = /^[-+]?(?:0|[1-9]\d*)$/
const FLOAT = /^[-+]?(?:\.\d+|\d+\.\d*|\d+(?=[eE]))(?:[eE][-+]?\d+)?$/
const OTHER_BASE = /^0(?:x[0-9a-fA-F]+|o[0-7]+)$/
const SPECIAL = /^([-+]?)\.(?:inf|Inf|INF)$/

function resolveNumber(text: string): string | number {
  if (INTEGER.test(text) || OTHER_BASE.test(text)) {
    const number = Number(text)
    // Adding 0 makes 0 of -0.
    return Number.isSafeInteger(number) ? number + 0 : text
  }
  if (FLOAT.test(text)) {
    const number = Number(text)
    return Number.isFinite(number) ? number + 0 : text
  }
  const special = SPECIAL.exec(text)
  if (special) return special[1] === '-' ? -Infinity : Infinity
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : text
}
