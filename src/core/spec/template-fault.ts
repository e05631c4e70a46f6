import { DroverError } from '../../errors.ts'

/** Where in the templates something went wrong; the innermost place is the one that counts. */
interface Place {
  template?: string
  line?: number
}

const places = new WeakMap<object, Place>()

/** Runs a template, or a helper at a line of one; what it throws remembers where that was. */
export function locating<T>(place: Readonly<Place>, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (typeof error === 'object' && error !== null) places.set(error, { ...place, ...places.get(error) })
    throw error
  }
}

/** The TEMPLATE_FAILED for what a template threw: `job api: template partials/task, line 3: ...`. */
export function templateFault(job: string, cause: unknown): DroverError {
  // What no template could have printed is the fault of the stack.
  if (cause instanceof DroverError && cause.code !== 'TEMPLATE_FAILED') return cause
  const { message, lineNumber } = cause as Error & { lineNumber?: number }
  const { template, line = lineNumber } = places.get(cause as object) ?? {}
  const where = `template ${template}${line === undefined ? '' : `, line ${line}`}`
  // Handlebars ends its own messages in LINE:COLUMN and shows the data as [object Object].
  const what = message.replace(/ - \d+:\d+$/, '').replace(/ in \[object Object\]$/, ' here')
  return new DroverError('TEMPLATE_FAILED', `job ${job}: ${where}: ${what}`, { cause })
}
