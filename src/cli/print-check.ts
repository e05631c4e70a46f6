import type { FileChange } from '../adapters/output-folder.ts'
import { EXIT_DIFFERENCES } from '../errors.ts'
import type { Context } from './context.ts'

/**
 * Prints how a folder differs from what it should hold, and gives the exit code: 7 when it does.
 * @param command the line that puts it right
 */
export async function printCheck(
  changes: readonly FileChange[],
  folder: string,
  { output, json }: Context,
  command: string,
): Promise<number> {
  const different = changes.filter(({ kind }) => kind !== 'unchanged')
  const code = different.length === 0 ? 0 : EXIT_DIFFERENCES
  if (json) {
    output.printJson({ folder, differences: different.map(({ path, kind }) => ({ path, kind })) })
    return code
  }
  if (code === 0) {
    output.say(`${folder}: ${changes.length} files are what the stack says`)
    return code
  }
  const { createTwoFilesPatch } = await import('diff')
  for (const { path, before, after } of different)
    output.data(
      createTwoFilesPatch(
        `${folder}/${path}`,
        `${folder}/${path}`,
        before,
        after,
        'on disk',
        'from the stack',
      ),
    )
  output.say(
    `${different.length} of ${changes.length} files differ: ${different.map(({ path, kind }) => `${path} (${kind})`).join(', ')}`,
  )
  output.say(`Run ${command} to write them.`)
  return code
}
