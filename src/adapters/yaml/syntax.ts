import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { MAX_PROBLEMS } from './compose-state.ts'
import { explainSyntax } from './explain.ts'
import type { YamlProblem } from './node.ts'
import { splitSections } from './split.ts'

/** Nesting that is read; deeper is refused before the parser, which calls itself, runs out of stack. */
export const MAX_DEPTH = 100

/** More cannot be entries that a person wrote, and trying each would take a while. */
const MAX_PIECES = 5000

/** The parser's events, or everything that keeps the text from being YAML. */
export function readEvents(
  text: string,
  maxDepth = MAX_DEPTH,
): { events: readonly Event[] } | { problems: readonly YamlProblem[] } {
  try {
    return { events: parseEvents(text, { maxDepth }) }
  } catch (error) {
    return { problems: allProblems(text, toProblem(error, text, 0)) }
  }
}

/**
 * The parser stops at the first error, so each top-level entry is tried alone: one error in each of three
 * services gives three problems. The first error of the whole stands when its entry alone has none.
 */
function allProblems(text: string, first: YamlProblem): YamlProblem[] {
  const problems: YamlProblem[] = []
  const sections = splitSections(text) ?? []
  const entries = sections.flatMap((section) => (section.entries?.length ? section.entries : [section]))
  const pieces = entries.length > MAX_PIECES ? [] : entries
  for (const { start, end } of pieces) {
    if (problems.length >= MAX_PROBLEMS) break
    try {
      parseEvents(text.slice(start, end), { maxDepth: MAX_DEPTH })
    } catch (error) {
      problems.push(toProblem(error, text.slice(start, end), start))
    }
  }
  const known = pieces.some(({ start, end }) => {
    const inPiece = ({ offset }: YamlProblem): boolean => start <= offset && offset < end
    return inPiece(first) && problems.some(inPiece)
  })
  return known || problems.some(({ offset }) => offset <= first.offset) ? problems : [first, ...problems]
}

function toProblem(error: unknown, text: string, base: number): YamlProblem {
  if (!(error instanceof YAMLException)) throw error
  const { offset, ...explained } = explainSyntax(
    error.reason,
    text,
    Math.min(error.mark?.position ?? 0, text.length),
  )
  return { code: 'yaml', path: [], ...explained, offset: base + offset }
}
