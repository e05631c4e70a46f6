import type { Position } from '../issue.ts'

/**
 * Sorts by place: first the given files in their order, then others as they first occur; what has no place
 * comes last. Things at the same place keep their order.
 */
export function inReadingOrder<T extends { readonly position?: Position }>(
  things: readonly T[],
  files: readonly string[],
): T[] {
  const ranks = new Map(
    [...new Set([...files, ...things.flatMap(({ position }) => position?.file ?? [])])].map((file, rank) => [
      file,
      rank,
    ]),
  )
  const rank = ({ position }: T): number => (position ? (ranks.get(position.file) ?? 0) : ranks.size)
  return [...things].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  )
}
