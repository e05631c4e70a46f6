import type { StackValue } from './tree.ts'

/** A part of a value in the stack's own words. */
export type Piece =
  | string
  | { readonly secret: string }
  | {
      readonly service: string
      readonly port?: string
      readonly part?: 'host' | 'port'
      readonly wait?: false
    }

/** The value in its shortest written form: a scalar, one reference, or a list that is joined. */
export function toWrittenValue(pieces: readonly Piece[]): StackValue {
  const joined = joinPieces(pieces)
  const [first] = joined
  if (first === undefined) return ''
  if (joined.length > 1) return joined
  return typeof first === 'string' ? toScalar(first) : first
}

/** One argument of a command. */
export function toWrittenArgument(pieces: readonly Piece[]): StackValue {
  const joined = joinPieces(pieces)
  const [first] = joined
  if (joined.length === 0) return ''
  return joined.length === 1 && typeof first === 'string' ? first : joined
}

/** Numbers and booleans that come back as the same text are written as such. */
export function toScalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return text !== '' && Number.isSafeInteger(number) && String(number) === text ? number : text
}

/** The text when nothing else is in it. */
export function literalOf(pieces: readonly Piece[]): string | undefined {
  const joined = joinPieces(pieces)
  if (joined.length === 0) return ''
  return joined.length === 1 && typeof joined[0] === 'string' ? joined[0] : undefined
}

/** Neighbouring texts as one, without empty ones. */
export function joinPieces(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (typeof piece === 'string' && typeof last === 'string') joined[joined.length - 1] = last + piece
    else if (piece !== '') joined.push(piece)
  }
  return joined
}

/** First of the private use characters that stand for pieces in a text. */
const HOLE = 0xe000

/** One text with a single character for each piece that is no text, so that patterns can look across them. */
export function flatten(pieces: readonly Piece[]): {
  text: string
  holes: readonly Exclude<Piece, string>[]
} {
  const holes: Exclude<Piece, string>[] = []
  const text = pieces
    .map((piece) => (typeof piece === 'string' ? piece : String.fromCharCode(HOLE + holes.push(piece) - 1)))
    .join('')
  return { text, holes }
}

/** Puts the pieces back into texts that `flatten` made. */
export function unflatten(pieces: readonly Piece[], holes: readonly Exclude<Piece, string>[]): Piece[] {
  if (holes.length === 0) return joinPieces(pieces)
  return joinPieces(
    pieces.flatMap((piece) => {
      if (typeof piece !== 'string') return [piece]
      return piece.split(/([\uE000-\uF8FF])/).map((text): Piece => {
        const hole = text.length === 1 ? holes[text.charCodeAt(0) - HOLE] : undefined
        return hole ?? text
      })
    }),
  )
}
