import { loadStack } from '../../adapters/stack-file.ts'
import { type Amount, type CostRow, HOURS_PER_MONTH, planCost } from '../../core/cost.ts'
import { defineCommand } from '../command.ts'
import { checkProfiles, PROFILE_OPTION, STACK_OPTIONS, stackLocation } from '../stack-options.ts'

export default defineCommand({
  options: { ...STACK_OPTIONS, ...PROFILE_OPTION },
  examples: [
    ['cost', 'cores, memory and money at the least, typical and largest counts'],
    ['cost --json | jq .total.maximum', 'the most that the stack can come to'],
  ],
  notes:
    'Counts what is reserved, since that is what nodes must have. Prices are cluster.prices of the stack, typical\n' +
    `counts are scale.typical of its workers; a month has ${HOURS_PER_MONTH} hours. System jobs count for one node.`,
  async run(args, context) {
    const { stack } = loadStack(stackLocation(context, args))
    checkProfiles(stack, args.profile)
    const cost = planCost(stack, args.profile)
    if (context.json) {
      context.output.printJson(cost)
      return 0
    }
    const { currency } = cost
    const columns = (row: Omit<CostRow, 'job' | 'kind'>): (string | number)[] => {
      const levels = [row.minimum, row.typical, row.maximum]
      return [
        range(levels, ({ count }) => String(count)),
        range(levels, ({ cpu }) => number(cpu)),
        range(levels, ({ memoryMb }) => `${number(memoryMb / 1024)}GB`),
        ...(currency === undefined ? [] : levels.map((level) => money(level))),
      ]
    }
    const prices =
      currency === undefined ? [] : ['min', 'typical', 'max'].map((level) => `${level} ${currency}/month`)
    await context.output.printTable({
      head: ['job', 'count', 'cpu', 'memory', ...prices],
      rows: [...cost.rows.map((row) => [row.job, ...columns(row)]), ['total', ...columns(cost.total)]],
      right: [1, 2, 3, 4, 5, 6],
    })
    const { minimum, maximum } = cost.total
    context.output.say(
      `Limits: ${number(minimum.cpuLimit)} to ${number(maximum.cpuLimit)} cores, ` +
        `${number(minimum.memoryLimitMb / 1024)} to ${number(maximum.memoryLimitMb / 1024)} GB.`,
    )
    if (currency === undefined) context.output.say('No money without cluster.prices in the stack.')
    return 0
  },
})

/** One text when all three are the same. */
function range(levels: readonly Amount[], show: (level: Amount) => string): string {
  const shown = levels.map(show)
  return new Set(shown).size === 1 ? (shown[0] ?? '') : shown.join(' / ')
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function money({ perHour = 0 }: Amount): string {
  return (perHour * HOURS_PER_MONTH).toFixed(0)
}
