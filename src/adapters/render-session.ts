import { type RenderedFile, type RenderOptions, renderStack } from '../core/render-stack.ts'
import type { JobSpec } from '../core/spec/jobspec.ts'
import { createRenderer, type RenderJob } from '../core/spec/render.ts'
import { readUtf8 } from './output-folder.ts'
import { createStackReader, type LoadedStack, type StackFileOptions } from './stack-file.ts'
import { loadTemplates } from './templates.ts'
import { type ReadFile, unchangedText } from './unchanged-text.ts'

export interface RenderSession {
  /** Reads the stack and renders it. Throws what createStackReader and the templates throw. */
  render(location: StackFileOptions, options: RenderOptions): { loaded: LoadedStack; files: RenderedFile[] }
  /** Reads what was rendered before, for compareFolder. */
  readonly readRendered: ReadFile
}

/**
 * Renders one stack as often as its files change: what did not change is neither parsed nor rendered again.
 * @param templates folder of templates that take the place of the built-in ones
 */
export async function startRenderSession(templates?: string): Promise<RenderSession> {
  const read = createStackReader()
  const renderJob = remember(createRenderer(await loadTemplates(templates)))
  return {
    readRendered: unchangedText(readUtf8),
    render(location, options) {
      const loaded = read(location)
      return { loaded, files: renderStack(loaded.stack, renderJob, options) }
    },
  }
}

/** A job whose spec is the same has the same text. */
function remember(renderJob: RenderJob): RenderJob {
  const texts = new WeakMap<JobSpec, string>()
  return (kind, spec) => {
    const known = texts.get(spec)
    if (known !== undefined) return known
    const text = renderJob(kind, spec)
    texts.set(spec, text)
    return text
  }
}
