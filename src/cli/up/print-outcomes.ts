import { closingLine } from '../../core/up/closing-line.ts'
import { describeChange } from '../../core/up/describe-change.ts'
import type { Context } from '../context.ts'
import type { Outcome } from './outcome.ts'

/** Prints what became of each job; with `differences` also what differs. */
export async function printOutcomes(
  outcomes: readonly Outcome[],
  { differences }: { readonly differences: boolean },
  { output, json }: Context,
): Promise<void> {
  if (json) {
    output.printJson({
      jobs: outcomes.map(({ job, result, change, reason, warnings }) => {
        const { kind, allocations, differences: fields } = change
        return { job, result, change: kind, allocations, differences: fields, reason, warnings }
      }),
    })
    return
  }
  await output.printTable({
    head: ['job', 'result', 'allocations'],
    rows: outcomes.map(({ job, result, change }) => [job, result, describeChange(change)]),
    right: [],
  })
  for (const { job, change, result, reason, warnings } of outcomes) {
    if (differences) for (const line of atMost(MAX_LINES, change.differences)) output.say(`${job}: ${line}`)
    if (reason !== undefined) output.say(output.wordColors.red(`${job}: ${result}: ${reason}`))
    for (const warning of warnings) output.say(output.wordColors.yellow(`${job}: ${warning}`))
  }
  if (outcomes.some(({ result }) => result === 'refused'))
    output.say('Workers that are busy are not replaced. Wait until they are idle, or give --now.')
  output.say(closingLine(outcomes.map(({ result }) => result)))
}

/** Of a job that differs a lot, no more than can be read. */
const MAX_LINES = 20

function atMost(count: number, lines: readonly string[]): readonly string[] {
  if (lines.length <= count) return lines
  return [...lines.slice(0, count - 1), `and ${lines.length - count + 1} more; --json has them all`]
}
