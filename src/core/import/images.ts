import type { ComposeModel } from '../compose/model.ts'
import type { ComposeBuild } from '../compose/service.ts'
import { importLiteral } from './container.ts'
import type { ImportContext, JobContext } from './context.ts'
import { toStackName } from './names.ts'
import { literalOf } from './pieces.ts'
import { resolveVariables } from './variables.ts'

/**
 * The image of a job. One that compose builds gets a name by which it has to be pushed: the project's, that of
 * the first service with the same build, and the stage. Services with one build share one image.
 */
export function importImage(job: JobContext): string | undefined {
  const { account, plan, model } = job
  const { image, build } = plan.service
  if (build) {
    for (const name of Object.keys(build.args))
      account.dropped(build.args[name]?.key ?? 'build', 'an argument of the build, which Nomad does not do')
    account.dropped('build', 'how the image is built stays in the compose file: Nomad does not build')
  }
  const named = image && importLiteral(job, image, 'image')
  if (named !== undefined || !build) return named
  const name = `${projectName(model, job.places.absolute)}/${builtAs(job, build)}`
  const why = `Nomad does not build: push the image as ${name}`
  for (const source of [build.context, build.dockerfile, build.target])
    if (source) account.approximated(source.key, 'image', why)
  return name
}

/** Name of the project: as the files say, else that of their folder. */
export function projectName({ name, env, folder }: ComposeModel, absolute = folder): string {
  const text = name?.value
    .map((part) => (typeof part === 'string' ? part : (env[part.variable] ?? '')))
    .join('')
  return toStackName(text || absolute.split('/').filter(Boolean).at(-1) || 'stack')
}

function builtAs(job: JobContext, build: ComposeBuild): string {
  const own = buildKey(job, build)
  const first = [...job.plans.values()].find(
    ({ service }) => service.build && buildKey(job, service.build) === own,
  )
  return `${toStackName(first?.service.name ?? job.plan.name)}:${target(job, build) || 'local'}`
}

/** Two builds with the same key make the same image. */
function buildKey(context: ImportContext, build: ComposeBuild): string {
  const text = (source: ComposeBuild['target']): string => textOf(context, source)
  const args = Object.entries(build.args).map(([name, { value }]) => [name, value])
  return JSON.stringify([text(build.context), text(build.dockerfile), text(build.target), args])
}

function target(context: ImportContext, { target: stage }: ComposeBuild): string {
  return textOf(context, stage).replace(/[^\w.-]/g, '-')
}

function textOf({ model, secrets }: ImportContext, source: ComposeBuild['target']): string {
  return source ? (literalOf(resolveVariables(source.value, model.env, secrets).pieces) ?? '') : ''
}
