import {
  type HealthLine,
  type HealthReport,
  type HealthState,
  isHealthy,
  isLineHealthy,
} from '../../core/health/report.ts'
import { oneLine } from '../../core/health/words.ts'
import { age } from '../age.ts'
import type { Context } from '../context.ts'
import type { Colors } from '../output.ts'

/** Prints a report: a table for a person, a line for each part elsewhere, or JSON. */
export async function showHealth(
  report: HealthReport,
  context: Context,
  { withChecks = false }: { readonly withChecks?: boolean } = {},
): Promise<void> {
  const { output, json } = context
  if (json) {
    output.printJson({ healthy: isHealthy(report), ...report })
    return
  }
  if (output.isTerminal) await output.printTable(tableOf(report.lines, context))
  else output.data(report.lines.map((line) => `${lineInWords(line)}\n`).join(''))
  if (withChecks) await showChecks(report.lines, context)
  for (const text of unseenInWords(report)) output.say(text)
  output.say(summary(report))
}

function tableOf(lines: readonly HealthLine[], { output, now }: Context) {
  return {
    head: ['name', 'state', 'running', 'checks', 'restarts', 'changed', 'endpoints', 'why'],
    rows: lines.map((line) => [
      line.name,
      colored(line.state, output.colors),
      line.desired === undefined ? '-' : `${line.running ?? 0}/${line.desired}`,
      line.checks.length === 0 ? '-' : `${passing(line)}/${line.checks.length}`,
      line.restarts === undefined ? '-' : line.restarts,
      line.changedAt === undefined ? '-' : age(now() - line.changedAt),
      line.endpoints.join(' ') || '-',
      line.why ?? '',
    ]),
    right: [2, 3, 4, 5],
  }
}

function passing({ checks }: HealthLine): number {
  return checks.filter(({ status }) => status === 'passing').length
}

async function showChecks(lines: readonly HealthLine[], { output }: Context): Promise<void> {
  const checks = lines.flatMap((line) => line.checks)
  if (checks.length === 0) return
  output.data('\n')
  if (!output.isTerminal) {
    for (const { service, name, status, output: said } of checks)
      output.data(`${service}: check ${name} ${status}${said.trim() === '' ? '' : `: ${oneLine(said)}`}\n`)
    return
  }
  await output.printTable({
    head: ['service', 'check', 'status', 'output'],
    rows: checks.map(({ service, name, status, output: said }) => [service, name, status, oneLine(said)]),
  })
}

/** `api: waiting, 0/1 running: waits for falkordb: check redis-cli failing since 40 s`. */
export function lineInWords({ name, state, desired, running, why }: HealthLine): string {
  const count = desired === undefined ? '' : `, ${running ?? 0}/${desired} running`
  return `${name}: ${state}${count}${why === undefined || why === '' ? '' : `: ${why}`}`
}

export function unseenInWords({ unseen }: HealthReport): string[] {
  return unseen.map(({ source, cause }) => `${source} cannot be asked: ${cause}`)
}

/** `12 of 14 healthy; 1 waiting, 1 down`. */
export function summary({ lines }: Pick<HealthReport, 'lines'>): string {
  const well = lines.filter(isLineHealthy).length
  const others = new Map<HealthState, number>()
  for (const line of lines)
    if (!isLineHealthy(line)) others.set(line.state, (others.get(line.state) ?? 0) + 1)
  const rest = [...others].map(([state, count]) => `${count} ${state}`).join(', ')
  return `${well} of ${lines.length} healthy${rest === '' ? '' : `; ${rest}`}`
}

function colored(state: HealthState, colors: Colors): string {
  if (state === 'healthy') return colors.green(state)
  if (state === 'idle') return colors.dim(state)
  return state === 'down' || state === 'unknown' ? colors.red(state) : colors.yellow(state)
}
