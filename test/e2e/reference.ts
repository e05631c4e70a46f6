import { join } from 'node:path'
import { startRenderSession } from '../../src/adapters/render-session.ts'
import { listEnvironments } from '../../src/adapters/stack-file.ts'

export interface RenderedJob {
  readonly name: string
  /** Name of the overlay; `base` for the stack file alone. */
  readonly environment: string
  readonly hcl: string
  /** The same job for Nomad's HTTP API. */
  readonly json: string
}

export interface Reference {
  /** Every job, with every profile, in every environment. */
  readonly jobs: readonly RenderedJob[]
  /** Volume specifications that the jobs need, for `nomad volume create`. */
  readonly volumes: readonly string[]
}

const FILE = join(import.meta.dirname, '../../stack.yml')
const BASE = 'base'

/** Renders the reference stack. */
export async function renderReference(): Promise<Reference> {
  const session = await startRenderSession()
  const jobs: RenderedJob[] = []
  const volumes = new Set<string>()
  for (const environment of [BASE, ...listEnvironments(FILE)]) {
    const location = { file: FILE, ...(environment === BASE ? {} : { environment }) }
    const render = (format: 'hcl' | 'json') => {
      const { stack } = session.render(location, { format }).loaded
      return session.render(location, { format, profiles: stack.jobs.flatMap(({ profiles }) => profiles) })
        .files
    }
    const json = new Map(render('json').map(({ job, text }) => [job?.job.name, text]))
    for (const { path, job, text } of render('hcl')) {
      const name = job?.job.name
      if (name !== undefined) jobs.push({ name, environment, hcl: text, json: json.get(name) ?? '' })
      else if (path.endsWith('.volume.hcl')) volumes.add(text)
    }
  }
  return { jobs, volumes: [...volumes] }
}
