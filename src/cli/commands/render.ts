import { applyChanges, type FileChange } from '../../adapters/output-folder.ts'
import { startRenderSession } from '../../adapters/render-session.ts'
import { summarizeJob } from '../../core/job-summary.ts'
import type { RenderedFile } from '../../core/render-stack.ts'
import { DroverError } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import { completeJobs } from '../completion/complete-jobs.ts'
import type { Context } from '../context.ts'
import { printCheck } from '../print-check.ts'
import { outFolder, type RenderArgs, renderOnce } from '../render-once.ts'
import { PROFILE_OPTION, resolvePath, STACK_OPTIONS } from '../stack-options.ts'

const OPTIONS = {
  ...STACK_OPTIONS,
  out: {
    type: 'string',
    value: 'FOLDER',
    describe: 'Where the files go. Default: jobs, or jobs/ENV with --env',
  },
  job: { type: 'string', array: true, value: 'NAME', describe: 'Only these jobs', complete: completeJobs },
  ...PROFILE_OPTION,
  format: {
    type: 'string',
    choices: ['hcl', 'json'],
    default: 'hcl',
    describe: 'json is the job as the HTTP API takes it',
  },
  check: {
    type: 'boolean',
    default: false,
    describe: 'Write nothing; print what would change and exit 7 if anything would',
  },
  stdout: { type: 'boolean', default: false, describe: 'Print the jobs instead of writing files' },
  watch: { type: 'boolean', default: false, describe: 'Render again whenever a file changes' },
  templates: {
    type: 'string',
    value: 'FOLDER',
    describe: 'Templates that replace built-in ones of the same name',
  },
} as const

export default defineCommand({
  options: OPTIONS,
  examples: [
    ['render', 'write jobs/*.nomad.hcl from stack.yml'],
    ['render --check', 'in CI: exit 7 and print a diff when jobs/ is not what the stack says'],
    ['render --job api --stdout', 'look at one job'],
    ['render --env dev --watch', 'keep jobs/dev up to date while you edit'],
    ['render --format json --job api --stdout | curl -d @- $NOMAD_ADDR/v1/jobs', 'hand a job to the API'],
  ],
  async run(args: RenderArgs & { check: boolean; stdout: boolean; watch: boolean }, context) {
    refuseContradictions(args)
    const session = await startRenderSession(args.templates && resolvePath(context, args.templates))
    if (args.watch) {
      const { watchStack } = await import('../watch-stack.ts')
      return watchStack(session, args, context)
    }
    const { files, changes, warnings } = renderOnce(session, args, context, !args.stdout)
    context.output.printIssues(warnings)
    if (args.stdout) printFiles(files, args.format, context)
    else if (args.check) return printCheck(changes, outFolder(args), context, 'drover render')
    else {
      applyChanges(resolvePath(context, outFolder(args)), changes)
      await printSummary(files, changes, outFolder(args), context)
    }
    return 0
  },
})

function refuseContradictions({
  check,
  stdout,
  watch,
}: {
  check: boolean
  stdout: boolean
  watch: boolean
}): void {
  const given = Object.entries({ check, stdout, watch }).flatMap(([name, value]) =>
    value ? [`--${name}`] : [],
  )
  if (given.length > 1)
    throw new DroverError('USAGE', `${given.join(' and ')} exclude each other`, { hint: 'Give one of them.' })
}

function printFiles(files: readonly RenderedFile[], format: 'hcl' | 'json', { output, json }: Context): void {
  const texts = files.map(({ text }) => text)
  if (json) output.printJson({ files: files.map(({ path, text }) => ({ path, text })) })
  else if (format === 'hcl' || texts.length === 1) output.data(texts.join('\n'))
  else output.data(`[\n${texts.map((text) => text.trimEnd()).join(',\n')}\n]\n`)
}

async function printSummary(
  files: readonly RenderedFile[],
  changes: readonly FileChange[],
  folder: string,
  { output, json }: Context,
) {
  const jobs = files.flatMap(({ job, path }) => (job ? [{ ...summarizeJob(job), path }] : []))
  if (json) {
    output.printJson({ folder, jobs, files: changes.map(({ path, kind }) => ({ path, kind })) })
    return
  }
  await output.printTable({
    head: ['job', 'kind', 'count', 'cpu', 'memory', 'checks'],
    rows: jobs.map(({ job, kind, count, cpu, cpuLimit, memoryMb, memoryLimitMb, checks }) => [
      job,
      kind,
      count,
      upTo(String(cpu), String(cpuLimit)),
      upTo(megabytes(memoryMb), megabytes(memoryLimitMb)),
      checks.join(', ') || '-',
    ]),
    right: [],
  })
  for (const { path } of changes.filter(({ kind }) => kind === 'removed'))
    output.say(`removed ${folder}/${path}: its job is gone`)
  const written = changes.filter(({ kind }) => kind === 'added' || kind === 'changed').length
  output.say(
    `${plural(jobs.length, 'job')} in ${folder}: ${plural(written, 'file')} written, ${changes.filter(({ kind }) => kind === 'unchanged').length} unchanged`,
  )
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function upTo(reserved: string, limit: string): string {
  return reserved === limit ? reserved : `${reserved} of ${limit}`
}

function megabytes(mb: number): string {
  return mb >= 1024 && mb % 512 === 0 ? `${mb / 1024}GB` : `${mb}MB`
}
