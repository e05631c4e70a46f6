import type { Imported } from './import-compose.ts'
import { countStates, type ReportEntry } from './report.ts'

/** The report as a Markdown file: what to check and to set first, then every key, one table a service. */
export function reportToMarkdown(imported: Imported, files: readonly string[]): string {
  const { report, assumptions, secrets } = imported
  const counts = countStates(report)
  const blocks = [
    '# What became of the compose files',
    `Made by \`drover init\` from ${files.map(code).join(', ')}.`,
    table(
      ['keys', ''],
      Object.entries(counts).map(([state, count]) => [state, String(count)]),
    ),
    MEANING,
    assumptions.length === 0 ? '' : `## To check\n\n${assumptions.map((text) => `- ${text}`).join('\n')}`,
    secrets.length === 0 ? '' : secretsBlock(imported),
    summaryBlock(report),
    ...groupsOf(report).map(([title, entries]) => `## ${title}\n\n${entriesTable(entries)}`),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

const MEANING =
  'Mapped: the stack says the same. Approximated: it says nearly the same, and the note tells the difference. Dropped: it says nothing of it, and the note tells why. Replaced: the key was never in force, since another place of the files says otherwise.'

/** Reasons by the number of keys they hold for, the most frequent first. */
export function groupReasons(
  report: readonly ReportEntry[],
  state: ReportEntry['state'],
): { readonly note: string; readonly entries: readonly ReportEntry[] }[] {
  const groups = new Map<string, ReportEntry[]>()
  for (const entry of report) {
    if (entry.state !== state || entry.note === undefined) continue
    groups.set(entry.note, [...(groups.get(entry.note) ?? []), entry])
  }
  return [...groups]
    .map(([note, entries]) => ({ note, entries }))
    .sort((a, b) => b.entries.length - a.entries.length)
}

function secretsBlock({ secrets }: Imported): string {
  const rows = secrets.map(({ name, variable, position }) => [
    code(name),
    position ? `stands in ${code(`${position.file}:${position.line}`)}` : code(variable ?? ''),
  ])
  const example = secrets.map(({ name }) => `${name}=...`).join(' ')
  return [
    '## Secrets to set',
    'The stack names them; their values belong into the Nomad variable `nomad/jobs`:',
    `\`\`\`sh\nnomad var put nomad/jobs ${example}\n\`\`\``,
    table(['secret', 'value in compose'], rows),
  ].join('\n\n')
}

function summaryBlock(report: readonly ReportEntry[]): string {
  const rows = (['approximated', 'dropped'] as const).flatMap((state) =>
    groupReasons(report, state).map(({ note, entries }) => [state, String(entries.length), note]),
  )
  return rows.length === 0
    ? ''
    : `## Approximated and dropped, by reason\n\n${table(['', 'keys', 'reason'], rows)}`
}

/** By service; keys of the top level and of autoscale.yml by their file. */
function groupsOf(report: readonly ReportEntry[]): [string, ReportEntry[]][] {
  const groups = new Map<string, ReportEntry[]>()
  for (const entry of report) {
    const title = entry.service === undefined ? `Beside services: ${entry.position.file}` : entry.service
    groups.set(title, [...(groups.get(title) ?? []), entry])
  }
  return [...groups]
}

function entriesTable(entries: readonly ReportEntry[]): string {
  const rows = entries.map(({ position, key, state, to, note }) => [
    `${position.file}:${position.line}`,
    code(key),
    state,
    to === undefined ? '' : code(to),
    note ?? '',
  ])
  return table(['where', 'key', 'state', 'in the stack', 'note'], rows)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function code(text: string): string {
  return text.includes('`') ? text : `\`${text}\``
}
