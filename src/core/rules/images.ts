import { tasksOf } from '../stack/stack.ts'
import { forEachJob, type Rule } from './rule.ts'

export const imageLatest: Rule = {
  code: 'image-latest',
  severity: 'warning',
  silenceable: true,
  reason:
    'The tag `latest`, which is meant where none is given, names another image from one day to the next: two nodes may run different ones, and no job says what ran yesterday.',
  fix: 'name a version, or a digest (IMAGE@sha256:…)',
  check: forEachJob(function* (job) {
    for (const { image, path } of tasksOf(job)) {
      const tag = image === undefined ? undefined : tagOf(image)
      if (tag === '') yield { path: [...path, 'image'], message: `the image "${image}" has no tag` }
      else if (tag === 'latest')
        yield { path: [...path, 'image'], message: `the image "${image}" has the tag latest` }
    }
  }),
}

/** Tag of an image; empty when it has none, undefined when a digest or a runtime variable decides. */
function tagOf(image: string): string | undefined {
  if (image.includes('@') || image.includes('${')) return undefined
  const last = image.slice(image.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  return colon === -1 ? '' : last.slice(colon + 1)
}
