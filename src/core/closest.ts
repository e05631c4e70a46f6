import { distance } from 'fastest-levenshtein'

/**
 * The candidate that was most likely meant by a mistyped word: the nearest one within a third of its letters,
 * spelling of joined words aside (`memoryLimit`, `memory-limit`), else a longer or shorter form (`environment`
 * for `env`). Undefined when nothing is near.
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const plain = bare(word)
  let best: string | undefined
  let bestDifference = Math.floor(plain.length / 3) + 1
  for (const candidate of candidates) {
    const difference = differenceOf(plain, bare(candidate))
    if (difference < bestDifference) [best, bestDifference] = [candidate, difference]
  }
  return (
    best ?? candidates.find((candidate) => isStart(plain, bare(candidate)) || isStart(bare(candidate), plain))
  )
}

/** Edits between two words, but swapped letters are one, and several with another first letter are no typing error. */
function differenceOf(word: string, candidate: string): number {
  const edits = distance(word, candidate)
  if (edits < 2) return edits
  if (edits === 2 && letters(word) === letters(candidate)) return 1
  return word.charAt(0) === candidate.charAt(0) ? edits : Number.POSITIVE_INFINITY
}

function letters(word: string): string {
  return [...word].sort().join('')
}

function bare(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ .]/g, '')
}

function isStart(start: string, word: string): boolean {
  return start.length >= 3 && word.startsWith(start)
}
