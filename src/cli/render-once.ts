import { compareFolder } from '../adapters/output-folder.ts'
import type { RenderSession } from '../adapters/render-session.ts'
import type { RenderedFile } from '../core/render-stack.ts'
import { DroverError } from '../errors.ts'
import type { Context } from './context.ts'
import { checkProfiles, resolvePath, stackLocation } from './stack-options.ts'

export interface RenderArgs {
  readonly stack: string
  readonly env?: string | undefined
  readonly out?: string | undefined
  readonly job?: readonly string[] | undefined
  readonly profile: readonly string[]
  readonly format: 'hcl' | 'json'
  readonly templates?: string | undefined
}

/** Reads and renders, and compares with the output folder. Writes nothing. `onFile` is told what is read. */
export function renderOnce(
  session: RenderSession,
  args: RenderArgs,
  context: Context,
  compare: boolean,
  onFile?: (file: string) => void,
) {
  const location = { ...stackLocation(context, args), onFile }
  const only = args.job && args.job.length > 0 ? args.job : undefined
  const { loaded, files } = session.render(location, {
    profiles: args.profile,
    format: args.format,
    ...(only ? { only } : {}),
  })
  checkProfiles(loaded.stack, args.profile)
  for (const name of only ?? [])
    if (!files.some(({ job }) => job?.job.name === name)) throw unknownJob(name, files, args)
  const folder = resolvePath(context, outFolder(args))
  const changes = compare
    ? compareFolder(folder, loaded.stack.name, files, only === undefined, session.readRendered)
    : []
  return { loaded, files, changes, warnings: loaded.warnings }
}

export function outFolder({ out, env }: RenderArgs): string {
  return out ?? (env === undefined ? 'jobs' : `jobs/${env}`)
}

function unknownJob(name: string, files: readonly RenderedFile[], { profile }: RenderArgs): DroverError {
  const known = files.flatMap(({ job }) => (job ? [job.job.name] : []))
  const profiles = profile.length === 0 ? 'without --profile' : `with the profiles ${profile.join(', ')}`
  return new DroverError('USAGE', `there is no job ${name} ${profiles}`, {
    hint:
      known.length > 0
        ? `Among those given there is: ${known.join(', ')}.`
        : 'See drover graph for the names; one that others need completed has no job of its own.',
  })
}
