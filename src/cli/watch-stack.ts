import { statSync } from 'node:fs'
import { watch } from 'chokidar'
import { applyChanges } from '../adapters/output-folder.ts'
import { type RenderSession, startRenderSession } from '../adapters/render-session.ts'
import { DroverError } from '../errors.ts'
import type { Context } from './context.ts'
import { outFolder, type RenderArgs, renderOnce } from './render-once.ts'
import { reportError } from './report-error.ts'
import { resolvePath } from './stack-options.ts'

/** An editor may empty a file and write it in a second step: what lies between is not worth reading. */
const SETTLE_MS = 10
const LOOK_AGAIN_MS = 50

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
  let stamps = new Map<string, string>()
  const render = (): void => {
    const start = now()
    stamps = new Map([...watched].map((file) => [file, stampOf(file)]))
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

  const watcher = watch(templates ?? [], { ignoreInitial: true, atomic: true })
  const done = new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    let renewTemplates = false
    const settle = async (): Promise<void> => {
      if (signal.aborted) return
      try {
        if (renewTemplates) session = await startRenderSession(templates)
        if (!renewTemplates && ![...watched].some((file) => stampOf(file) !== (stamps.get(file) ?? '')))
          return
        renewTemplates = false
        render()
        // A change that comes while this one is dealt with can go by unseen.
        timer = setTimeout(settle, LOOK_AGAIN_MS)
      } catch (error) {
        if (error instanceof DroverError) reportError(error, output, json)
        else reject(error)
      }
    }
    const again = (path: string): void => {
      if (templates !== undefined && !watched.has(path)) renewTemplates = true
      clearTimeout(timer)
      timer = setTimeout(settle, SETTLE_MS)
    }
    watcher.on('change', again).on('add', again).on('unlink', again).on('error', reject)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
  render()
  output.say('Watching; Ctrl-C ends it.')
  await done.finally(() => watcher.close())
  return 130
}

/** Changes whenever a file does; empty while there is none. */
function stampOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs} ${stat.size} ${stat.ino}` : ''
}
