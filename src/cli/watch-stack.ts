import { watch } from 'chokidar'
import { applyChanges } from '../adapters/output-folder.ts'
import { type RenderSession, startRenderSession } from '../adapters/render-session.ts'
import { DroverError } from '../errors.ts'
import type { Context } from './context.ts'
import { outFolder, type RenderArgs, renderOnce } from './render-once.ts'
import { reportError } from './report-error.ts'
import { resolvePath } from './stack-options.ts'

/**
 * Renders now and at every change of a file that the stack is made of or of a template, until interrupted. A
 * stack that is wrong for the moment is reported, and what was rendered last stays.
 */
export async function watchStack(first: RenderSession, args: RenderArgs, context: Context): Promise<number> {
  const { output, json, signal, now } = context
  const folder = resolvePath(context, outFolder(args))
  const templates = args.templates && resolvePath(context, args.templates)
  const watched = new Set<string>()
  let session = first

  const watchFile = (file: string): void => {
    if (watched.has(file)) return
    watched.add(file)
    watcher.add(file)
  }
  const render = (): void => {
    const start = now()
    try {
      const { changes, warnings } = renderOnce(session, args, context, true, watchFile)
      applyChanges(folder, changes)
      output.printIssues(warnings)
      const written = changes.filter(({ kind }) => kind !== 'unchanged')
      const names = written.map(({ path, kind }) => (kind === 'removed' ? `${path} (removed)` : path))
      if (json)
        output.data(
          `${JSON.stringify({ files: written.map(({ path, kind }) => ({ path, kind })), ms: now() - start })}\n`,
        )
      else
        output.say(
          `${names.length === 0 ? 'nothing changed' : names.join(', ')} (${(now() - start).toFixed(1)} ms)`,
        )
    } catch (error) {
      if (!(error instanceof DroverError)) throw error
      reportError(error, output, json)
    }
  }

  // An editor may write in several steps, or put a new file in the old one's place.
  const watcher = watch(templates ?? [], {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: 20, pollInterval: 10 },
  })
  const done = new Promise<void>((resolve, reject) => {
    const again = async (path: string): Promise<void> => {
      try {
        if (templates !== undefined && !watched.has(path)) session = await startRenderSession(templates)
        render()
      } catch (error) {
        if (error instanceof DroverError) reportError(error, output, json)
        else reject(error)
      }
    }
    watcher.on('change', again).on('add', again).on('unlink', again).on('error', reject)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  render()
  output.say('Watching; Ctrl-C ends it.')
  await done.finally(() => watcher.close())
  return 130
}
