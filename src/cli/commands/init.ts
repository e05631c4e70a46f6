import { dirname } from 'node:path'
import { importFiles } from '../../adapters/import-files.ts'
import { type NewFile, writeNewFiles } from '../../adapters/new-files.ts'
import { loadStack } from '../../adapters/stack-file.ts'
import { writeStackText } from '../../adapters/stack-writer.ts'
import type { Imported } from '../../core/import/import-compose.ts'
import { countStates, type ReportEntry } from '../../core/import/report.ts'
import { groupReasons, reportToMarkdown } from '../../core/import/report-markdown.ts'
import { DroverError } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { resolvePath } from '../stack-options.ts'

/** `--out -` prints the stack instead of writing it. */
const STDOUT = '-'
/** Reasons shown on the terminal, of each state; all are in the report. */
const MOST_REASONS = 8

export default defineCommand({
  options: {
    from: {
      type: 'string',
      array: true,
      demandOption: true,
      value: 'FILE',
      describe: 'Compose files, later ones laid over earlier ones',
    },
    autoscale: { type: 'string', value: 'FILE', describe: 'Scaling of the workers, as autoscale.yml has it' },
    'env-file': {
      type: 'string',
      array: true,
      value: 'FILE',
      describe: 'Values of variables. Default: .env beside the first compose file',
    },
    profile: {
      type: 'string',
      array: true,
      value: 'NAME',
      describe: 'Leave out services of other profiles. Default: all, each with its profiles',
    },
    out: {
      type: 'string',
      default: 'stack.yml',
      value: 'FILE',
      describe: 'The stack file to write; - prints it',
    },
    report: { type: 'string', value: 'FILE', describe: 'Write what became of every key, as Markdown' },
    force: { type: 'boolean', default: false, describe: 'Write over files that are there' },
  },
  examples: [
    ['init --from docker-compose.yml', 'write stack.yml'],
    [
      'init --from docker-compose.yml docker-compose.prod.yml --report report.md',
      'several files, and an account of each key',
    ],
    [
      'init --from compose.yml --autoscale autoscale.yml --env-file .env',
      'with scaling rules and the values of variables',
    ],
    ['init --from compose.yml --out - | less', 'look before anything is written'],
  ],
  notes:
    'Every key of the files is mapped, approximated or dropped, and the report says why. Passwords are never\n' +
    'copied: variables and values that look like secrets are named in the stack and set with nomad var put.',
  async run(args, context) {
    const toStdout = args.out === STDOUT
    const out = resolvePath(context, args.out)
    const files = [...args.from, ...(args.autoscale === undefined ? [] : [args.autoscale])]
    const imported = importFiles({
      files: args.from.map((file) => resolvePath(context, file)),
      envFiles: (args.envFile ?? []).map((file) => resolvePath(context, file)),
      stackFolder: toStdout ? context.cwd : dirname(out),
      ...(args.autoscale === undefined ? {} : { autoscale: resolvePath(context, args.autoscale) }),
      ...(args.profile === undefined ? {} : { profiles: args.profile }),
    })
    const text = writeStackText(withHead(imported, files))
    const written: NewFile[] = [
      ...(toStdout ? [] : [{ path: out, text }]),
      ...(args.report === undefined
        ? []
        : [{ path: resolvePath(context, args.report), text: reportToMarkdown(imported, files) }]),
    ]
    writeNewFiles(written, args.force)
    context.output.printIssues(imported.warnings)
    if (context.json) printJson(imported, args.out, context)
    else if (toStdout) context.output.data(text)
    else await printSummary(imported, context)
    if (!context.json) sayReasons(imported, args.report, context)
    if (!toStdout) checkResult(out, args.out, context)
    return 0
  },
})

function withHead({ tree }: Imported, files: readonly string[]): Imported['tree'] {
  const text = `Made by drover init from ${files.join(', ')}. From here on it is yours to edit.\n`
  return { ...tree, comments: [{ path: [], text }, ...tree.comments] }
}

function printJson({ report, assumptions, secrets }: Imported, out: string, { output }: Context): void {
  const { mapped, approximated, dropped, replaced } = countStates(report)
  output.printJson({
    out,
    counts: { mapped, approximated, dropped, replaced },
    assumptions,
    secrets,
    keys: report,
  })
}

async function printSummary({ report }: Imported, { output }: Context): Promise<void> {
  const files = [...new Set(report.map(({ position }) => position.file))]
  const row = (name: string, entries: readonly ReportEntry[]): (string | number)[] => {
    const { mapped, approximated, dropped, replaced } = countStates(entries)
    return [name, mapped, approximated, dropped, replaced]
  }
  const rows = files.map((file) =>
    row(
      file,
      report.filter(({ position }) => position.file === file),
    ),
  )
  await output.printTable({
    head: ['keys of', 'mapped', 'approximated', 'dropped', 'replaced'],
    rows: files.length === 1 ? rows : [...rows, row('all', report)],
  })
}

function sayReasons(
  { report, assumptions, secrets }: Imported,
  file: string | undefined,
  { output }: Context,
): void {
  for (const state of ['approximated', 'dropped'] as const) {
    const groups = groupReasons(report, state)
    if (groups.length === 0) continue
    output.say(`\n${state[0]?.toUpperCase()}${state.slice(1)}:`)
    for (const { note, entries } of groups.slice(0, MOST_REASONS)) {
      const [first] = entries
      const where =
        entries.length === 1 ? `${first?.service ?? ''} ${first?.key ?? ''}`.trim() : `${entries.length} keys`
      output.say(`  ${where}: ${note}`)
    }
    const rest = groups.length - MOST_REASONS
    const more = file === undefined ? 'give --report FILE to see all' : `see ${file}`
    if (rest > 0) output.say(`  and ${rest} more reasons: ${more}`)
  }
  if (assumptions.length > 0) output.say(`\nTo check:\n${assumptions.map((line) => `  ${line}`).join('\n')}`)
  if (secrets.length > 0) {
    const names = secrets.map(({ name }) => `${name}=...`).join(' ')
    output.say(`\nSecrets to set: nomad var put nomad/jobs ${names}`)
  }
}

/** The stack as its readers see it; what is wrong with it then has its place in the new file. */
function checkResult(out: string, name: string, { output }: Context): void {
  try {
    const { warnings } = loadStack({ file: out })
    if (warnings.length > 0)
      output.say(
        `\n${name} is written and valid. drover validate tells of ${warnings.length} things to look at.`,
      )
    else output.say(`\n${name} is written and valid.`)
  } catch (error) {
    if (!(error instanceof DroverError) || error.issues.length === 0) throw error
    const { issues } = error
    const message = `${name} is written, but needs your hand before it can be rendered`
    throw new DroverError('STACK_INVALID', message, { issues, cause: error })
  }
}
