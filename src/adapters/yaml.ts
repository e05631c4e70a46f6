import { DroverError } from '../errors.ts'
import { readText } from './read-text.ts'
import { compose } from './yaml/compose.ts'
import { composePieces, type PieceCache } from './yaml/incremental.ts'
import { readEvents } from './yaml/syntax.ts'
import { toDocument, type YamlDocument } from './yaml/yaml-document.ts'

export type { Comments } from './yaml/comments.ts'
export type { YamlDocument } from './yaml/yaml-document.ts'

export interface YamlOptions {
  /** `compose` keeps the tags `!override` and `!reset` for `tagAt`; otherwise every custom tag is an issue. */
  readonly tags?: 'compose'
}

/**
 * Reads one YAML 1.2 document with `<<` merges. Never throws on what a user wrote: all that is wrong with the
 * text, one syntax error per top-level entry, is in `issues`.
 *
 * Texts that YAML readers understand differently are read on the safe side: `yes` and `on` are texts, and so
 * are numbers with a leading zero and whole numbers past 2^53.
 */
export function parseYaml(text: string, file: string, options: YamlOptions = {}): YamlDocument {
  const body = withoutMark(text)
  const read = readEvents(body)
  if ('problems' in read)
    return toDocument({ text: body, file, root: undefined, problems: read.problems, readable: false })
  const { root, problems } = compose(body, read.events, { customTags: customTags(options) })
  return toDocument({
    text: body,
    file,
    root,
    problems,
    readable: root !== undefined || problems.length === 0,
  })
}

/**
 * Reads versions of one file, each with the result that `parseYaml` has, at the cost of what changed: entries
 * of top-level maps (services, workers) whose text is unchanged keep their value as the same object. That
 * holds from the second read on. Most processes read once, and the first read spares them the bookkeeping;
 * one that waits for changes reads the first version twice to be ready for them.
 */
export function createYamlReader(options: YamlOptions = {}): (text: string, file: string) => YamlDocument {
  let cache: PieceCache | undefined
  return (text, file) => {
    const body = withoutMark(text)
    const pieces = cache && composePieces(body, customTags(options), cache)
    cache = pieces?.cache ?? cache ?? { pieces: new Map(), last: 0 }
    if (!pieces) return parseYaml(body, file, options)
    const { root, offsetOf } = pieces
    return toDocument({ text: body, file, root, offsetOf, problems: [], readable: true })
  }
}

/** Reads a file that must be sound YAML. Throws DroverError: USAGE for the path, STACK_INVALID for the content. */
export function loadYaml(path: string, options?: YamlOptions): YamlDocument {
  return requireYaml(parseYaml(readText(path), path, options))
}

/** The same document, when nothing is wrong with it; else throws DroverError STACK_INVALID with every issue. */
export function requireYaml(document: YamlDocument): YamlDocument {
  if (document.issues.length === 0) return document
  throw new DroverError('STACK_INVALID', `${document.file} is not sound YAML`, { issues: document.issues })
}

const COMPOSE_TAGS: ReadonlySet<string> = new Set(['!override', '!reset'])
const NO_TAGS: ReadonlySet<string> = new Set()

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

function customTags(options: YamlOptions): ReadonlySet<string> {
  return options.tags === 'compose' ? COMPOSE_TAGS : NO_TAGS
}
