import { watch } from 'chokidar'
import { applyChanges, type FileChange } from '../adapters/output-folder.ts'
import { type RenderSession, startRenderSession } from '../adapters/render-session.ts'
import { DroverError } from '../errors.ts'
import type { Context } from './context.ts'
import { outFolder, type RenderArgs, renderOnce } from './render-once.ts'
import { reportError } from './report-error.ts'
import { resolvePath } from './stack-options.ts'

/** Templates are often saved, and always found, several at a time. */
const RELOAD_AFTER_MS = 30

/**
 * Renders now and at every change of a file that the stack is made of or of a template, until interrupted. A
 * stack that is wrong for the moment is reported, and what was rendered last stays.
 */
export async function watchStack(first: RenderSession, args: RenderArgs, context: Context): Promise<number> {
  const { output, json, signal } = context
  const folder = resolvePath(context, outFolder(args))
  const templates = args.templates && resolvePath(context, args.templates)
  const files = new Set<string>()
  let session = first
  let lastError = ''

  const watchFile = (file: string): void => {
    if (!files.has(file)) watcher.add(file)
    files.add(file)
  }
  /** @param quiet says nothing of what was said before */
  const render = (quiet = false): void => {
    // A stopwatch, finer than the clock of the context.
    const start = performance.now()
    try {
      const { changes, warnings } = renderOnce(session, args, context, true, watchFile)
      applyChanges(folder, changes)
      const written = changes.filter(({ kind }) => kind !== 'unchanged')
      if (quiet && written.length === 0 && lastError === '') return
      lastError = ''
      output.printIssues(warnings)
      tell(written, performance.now() - start, context)
    } catch (error) {
      report(error, quiet)
    }
  }
  const report = (error: unknown, quiet: boolean): void => {
    if (!(error instanceof DroverError)) throw error
    const words = JSON.stringify([error.message, error.issues])
    if (!quiet || words !== lastError) reportError(error, output, json)
    lastError = words
  }
  const reload = async (): Promise<void> => {
    try {
      session = await startRenderSession(templates)
    } catch (error) {
      report(error, true)
      return
    }
    render(true)
  }

  // An editor may write in several steps, or put a new file in the old one's place.
  const watcher = watch(templates ?? [], { awaitWriteFinish: { stabilityThreshold: 20, pollInterval: 10 } })
  const done = new Promise<void>((resolve, reject) => {
    const attempt = (run: () => void | Promise<void>): void => {
      Promise.resolve().then(run).catch(reject)
    }
    // What is new to the watcher may have changed since it was read: it is looked at again, quietly.
    let isReloading = false
    const again = (path: string, isNew: boolean): void => {
      if (files.has(path)) attempt(() => render(isNew))
      else if (!isReloading) {
        isReloading = true
        setTimeout(() => {
          isReloading = false
          attempt(reload)
        }, RELOAD_AFTER_MS)
      }
    }
    watcher.on('add', (path) => again(path, true))
    watcher.on('change', (path) => again(path, false)).on('unlink', (path) => again(path, false))
    watcher.on('error', reject)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  render()
  // Only what was read twice is taken apart so that a change costs what changed.
  render(true)
  output.say('Watching; Ctrl-C ends it.')
  await done.finally(() => watcher.close())
  return 130
}

function tell(written: readonly FileChange[], ms: number, { output, json }: Context): void {
  if (json) {
    const files = written.map(({ path, kind }) => ({ path, kind }))
    output.data(`${JSON.stringify({ files, ms })}\n`)
    return
  }
  const names = written.map(({ path, kind }) => (kind === 'removed' ? `${path} (removed)` : path))
  output.say(`${names.length === 0 ? 'nothing changed' : names.join(', ')} (${ms.toFixed(1)} ms)`)
}
