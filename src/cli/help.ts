import { ERROR_CODES, EXIT_DIFFERENCES } from '../errors.ts'
import type { CommandModule, Example, OptionSpec, OptionSpecs } from './command.ts'
import type { CommandEntry } from './commands/index.ts'
import { GLOBAL_OPTIONS } from './global-options.ts'
import type { Colors, Output } from './output.ts'

type Row = readonly [left: string, right: string]
type Paper = Pick<Output, 'colors' | 'width'>

/** Pages stay readable on wide terminals. */
const MAX_WIDTH = 100

/** `drover --help`: what there is, from what is known without loading a command. */
export function overviewPage(commands: readonly CommandEntry[], paper: Paper): string {
  return page(paper, [
    'Drover: Nomad for platforms of services and queue workers, from one stack file.',
    `${paper.colors.bold('Usage:')} drover COMMAND [options]`,
    section(
      'Commands',
      commands.map(({ name, describe }) => [name, describe]),
      paper,
    ),
    exampleSection(
      commands.map(({ example }) => example),
      paper,
    ),
    section('Options', optionRows(GLOBAL_OPTIONS), paper),
    section('Exit codes', exitCodeRows(), paper),
    'drover COMMAND --help shows the options of a command and more examples.',
  ])
}

/** `drover COMMAND --help`. */
export function commandPage(entry: CommandEntry, module: CommandModule, paper: Paper): string {
  const words = Object.entries(module.arguments).map(([name, spec]) => argumentLabel(name, spec))
  const options = Object.keys(module.options).length > 0 ? ['[options]'] : []
  return page(paper, [
    `${entry.describe}.`,
    `${paper.colors.bold('Usage:')} ${['drover', entry.name, ...words, ...options].join(' ')}`,
    section('Arguments', Object.entries(module.arguments).map(argumentRow), paper),
    section('Options', optionRows(module.options), paper),
    exampleSection(module.examples, paper),
    module.notes ?? '',
    section('Options of every command', optionRows(GLOBAL_OPTIONS), paper),
  ])
}

function page({ colors }: Paper, parts: readonly string[]): string {
  const [first = '', ...others] = parts.filter((part) => part !== '')
  return `${[colors.bold(first), ...others].join('\n\n')}\n`
}

function exampleSection(examples: readonly Example[], paper: Paper): string {
  return section(
    'Examples',
    examples.map(([line, what]) => [`drover ${line}`, what]),
    paper,
    paper.colors.cyan,
  )
}

/** A heading and two columns; where the left one takes over half of the page, what it means goes below it. */
function section(
  title: string,
  rows: readonly Row[],
  { colors, width }: Paper,
  paint: Colors['cyan'] = String,
): string {
  if (rows.length === 0) return ''
  const room = Math.min(width, MAX_WIDTH)
  const longest = Math.max(...rows.map(([left]) => left.length))
  const isNarrow = longest > room / 2
  const indent = isNarrow ? 6 : longest + 4
  const lines = rows.map(([left, right]) => {
    const gap = isNarrow ? `\n${' '.repeat(indent)}` : ' '.repeat(indent - 2 - left.length)
    return `  ${paint(left)}${gap}${wrap(right, room - indent).join(`\n${' '.repeat(indent)}`)}`
  })
  return [colors.bold(`${title}:`), ...lines].join('\n')
}

function wrap(text: string, room: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function optionRows(options: OptionSpecs): Row[] {
  return Object.entries(options)
    .filter(([, spec]) => !spec.hidden)
    .map(([name, spec]) => [optionLabel(name, spec), aboutValue(spec)])
}

/** `--job NAME...`, `-h, --help`; a switch that is on by default is shown as what switches it off. */
function optionLabel(name: string, spec: OptionSpec): string {
  if (spec.type === 'boolean' && spec.default === true) return `--no-${name}`
  const short = [spec.alias ?? []]
    .flat()
    .filter((alias) => alias.length === 1)
    .map((alias) => `-${alias}`)
  const value = spec.type === 'boolean' ? '' : ` ${valueLabel(spec)}`
  return [...short, `--${name}${value}`].join(', ')
}

function argumentRow([name, spec]: readonly [string, OptionSpec]): Row {
  return [spec.value ?? name.toUpperCase(), aboutValue(spec)]
}

function argumentLabel(name: string, spec: OptionSpec): string {
  const label = spec.choices
    ? spec.choices.join('|')
    : `${spec.value ?? name.toUpperCase()}${spec.array ? '...' : ''}`
  return spec.demandOption ? label : `[${label}]`
}

function valueLabel(spec: OptionSpec): string {
  const label = spec.value ?? spec.choices?.join('|') ?? (spec.type === 'number' ? 'N' : 'TEXT')
  return `${label}${spec.array ? '...' : ''}`
}

function aboutValue(spec: OptionSpec): string {
  const value = spec.defaultDescription ?? (typeof spec.default === 'boolean' ? undefined : spec.default)
  if (spec.demandOption) return `${spec.describe} (required)`
  return value === undefined ? spec.describe : `${spec.describe} (default: ${value})`
}

function exitCodeRows(): Row[] {
  const byCode = new Map<number, string>([
    [0, 'done'],
    [EXIT_DIFFERENCES, 'differences found (render --check)'],
    [130, 'interrupted'],
  ])
  for (const { exit, meaning } of Object.values(ERROR_CODES)) {
    const before = byCode.get(exit)
    byCode.set(exit, before === undefined ? meaning : `${before}, or ${meaning}`)
  }
  return [...byCode].sort(([a], [b]) => a - b).map(([code, meaning]) => [String(code), meaning])
}
