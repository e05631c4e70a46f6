import type { PlannedJob } from '../core/plan/plan-jobs.ts'
import { type RenderedFile, type RenderOptions, renderStack } from '../core/render-stack.ts'
import { createRenderer, type RenderJob } from '../core/spec/render.ts'
import { createStackReader, type LoadedStack, type StackFileOptions } from './stack-file.ts'
import { loadTemplates } from './templates.ts'

export interface RenderSession {
  /** Reads the stack and renders it. Throws what createStackReader and the templates throw. */
  render(location: StackFileOptions, options: RenderOptions): { loaded: LoadedStack; files: RenderedFile[] }
}

/**
 * Renders one stack as often as its files change: what did not change is neither parsed nor rendered again.
 * @param templates folder of templates that take the place of the built-in ones
 */
export async function startRenderSession(templates?: string): Promise<RenderSession> {
  const read = createStackReader()
  const renderJob = remember(createRenderer(await loadTemplates(templates)))
  return {
    render(location, options) {
      const loaded = read(location)
      return { loaded, files: renderStack(loaded.stack, renderJob, options) }
    },
  }
}

/** A job whose spec is the same has the same text. */
function remember(renderJob: RenderJob): RenderJob {
  const known = new Map<string, { spec: string; text: string }>()
  return (kind, spec) => {
    const key = `${kind}/${spec.id}`
    const written = JSON.stringify(spec satisfies PlannedJob['spec'])
    const last = known.get(key)
    if (last?.spec === written) return last.text
    const text = renderJob(kind, spec)
    known.set(key, { spec: written, text })
    return text
  }
}
