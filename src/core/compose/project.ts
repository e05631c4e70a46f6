import { applyExtends } from './extends.ts'
import { applyIncludes } from './include.ts'
import { type LoadContext, mergeContext, prepareFile } from './load.ts'
import { mergeNodes, settleTags } from './merge.ts'
import type { ComposeMap, ComposeNode } from './node.ts'

/**
 * Reads the files of one project in order and merges them, each with its `extends` and `include` resolved.
 * `chain` holds the files that include this project. Undefined when no file can be used.
 */
export function loadProject(
  paths: readonly string[],
  context: LoadContext,
  chain: readonly string[] = [],
): ComposeMap | undefined {
  let whole: ComposeNode | undefined
  for (const path of paths) {
    const prepared = prepareFile(path, context)
    if (!prepared) continue
    const extended = applyExtends(prepared, path, context)
    const complete = applyIncludes(extended, [...chain, path], context, loadProject)
    whole = whole ? mergeNodes(whole, complete, mergeContext(context)) : complete
  }
  const settled = whole && settleTags(whole, mergeContext(context))
  return settled?.kind === 'map' ? settled : undefined
}
