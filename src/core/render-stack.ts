import { intentionFiles } from './consul/intention-files.ts'
import { markOf } from './mark.ts'
import { type PlannedJob, planJobs } from './plan/plan-jobs.ts'
import { planVolumeFiles } from './plan/plan-volume-files.ts'
import { toApiJob } from './spec/api-json.ts'
import { layout } from './spec/layout.ts'
import type { RenderJob } from './spec/render.ts'
import type { Stack } from './stack/stack.ts'

export type Format = 'hcl' | 'json'

export interface RenderedFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string
  readonly text: string
  /** The job in it; absent for volumes. */
  readonly job?: PlannedJob
}

export interface RenderOptions {
  readonly profiles?: readonly string[]
  readonly format?: Format
  /** Names of jobs; default all. */
  readonly only?: readonly string[]
}

/** Every file of a stack. Same stack, same bytes. */
export function renderStack(stack: Stack, renderJob: RenderJob, options: RenderOptions = {}): RenderedFile[] {
  const { format = 'hcl', only } = options
  const { jobs } = planJobs(stack, options.profiles)
  const wanted = only === undefined ? jobs : jobs.filter(({ job }) => only.includes(job.name))
  const files = wanted.map((job) => renderFile(stack.name, job, format, renderJob))
  return only === undefined ? [...files, ...sideFiles(stack, wanted)] : files
}

/** Name of a job's file. */
export function jobFile(name: string, format: Format): string {
  return `${name}.nomad.${format}`
}

/** What `nomad volume create` and `consul config write` need beside the jobs. */
function sideFiles(stack: Stack, wanted: readonly PlannedJob[]): RenderedFile[] {
  const volumes = planVolumeFiles(stack, wanted).map(({ path, text }) => ({
    path,
    text: markOf(stack.name) + layout(text),
  }))
  const intentions = intentionFiles(
    stack,
    wanted.map(({ job }) => job),
  ).map(({ service, text }) => ({ path: `intentions/${service}.hcl`, text }))
  return [...volumes, ...intentions]
}

function renderFile(stack: string, planned: PlannedJob, format: Format, renderJob: RenderJob): RenderedFile {
  const { job, spec } = planned
  const text =
    format === 'hcl'
      ? markOf(stack) + renderJob(job.kind, spec)
      : `${JSON.stringify({ Job: toApiJob(spec) }, null, 2)}\n`
  return { path: jobFile(job.name, format), text, job: planned }
}
