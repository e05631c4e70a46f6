import { compact } from '../compact.ts'
import type { Job } from '../stack/stack.ts'

/**
 * What Consul shows of a job beside its state. Of the job's own `meta` go along `tier`, `version` and links
 * (`link_NAME`); the version is the image's tag unless the stack says otherwise.
 */
export function serviceMeta(stack: string, job: Job): Record<string, string> {
  const { tier, version = imageTag(job.main.image) } = job.meta
  const links = Object.fromEntries(Object.entries(job.meta).filter(([key]) => key.startsWith('link_')))
  return { ...compact({ stack, kind: job.kind, job: job.name, tier, version }), ...links }
}

/** By what Consul's UI finds a service. */
export function serviceTags(stack: string, job: Job): string[] {
  const { tier } = job.meta
  return [...new Set([stack, job.kind, ...(tier === undefined ? [] : [tier]), ...job.tags])]
}

/** `7-alpine` of `redis:7-alpine`; undefined for an image without a tag. */
export function imageTag(image: string | undefined): string | undefined {
  return /:([^:/]+)$/.exec(image?.split('@')[0] ?? '')?.[1]
}
