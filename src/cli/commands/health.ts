import { createConsulClient } from '../../../consul/client.ts'
import { consulSettings } from '../../../consul/settings.ts'
import { readPlatform } from '../../adapters/health/read-platform.ts'
import { nomadClient } from '../../adapters/nomad/client.ts'
import { loadStack } from '../../adapters/stack-file.ts'
import { type Chosen, chooseSubjects } from '../../core/health/choose-subjects.ts'
import { isHealthy } from '../../core/health/report.ts'
import { reportHealth } from '../../core/health/report-health.ts'
import { type TrackedChecks, trackChecks } from '../../core/health/track-checks.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { parseDurationMs } from '../../core/units.ts'
import { DroverError, ERROR_CODES } from '../../errors.ts'
import { defineCommand } from '../command.ts'
import { completeJobs } from '../completion/complete-jobs.ts'
import type { Context } from '../context.ts'
import { showHealth } from '../health/show-health.ts'
import { waitForHealth } from '../health/wait-for-health.ts'
import { type ReadHealth, watchHealth } from '../health/watch-health.ts'
import { checkProfiles, PROFILE_OPTION, STACK_OPTIONS, stackLocation } from '../stack-options.ts'

const DEFAULT_TIMEOUT = '10m'

export default defineCommand({
  arguments: {
    service: {
      type: 'string',
      array: true,
      value: 'SERVICE',
      describe: 'Only these, each with its checks. Default: all of the stack',
      complete: completeJobs,
    },
  },
  options: {
    ...STACK_OPTIONS,
    ...PROFILE_OPTION,
    watch: { type: 'boolean', default: false, describe: 'Show it again every two seconds' },
    wait: {
      type: 'boolean',
      default: false,
      describe: 'Wait until all is healthy; say what changes meanwhile',
    },
    timeout: {
      type: 'string',
      value: 'DURATION',
      describe: `How long --wait waits. Default: ${DEFAULT_TIMEOUT}`,
    },
  },
  examples: [
    ['health', 'every part of the stack, and what is wrong with it'],
    ['health api falkordb', 'these two, with what their checks say'],
    ['health --wait --timeout 5m', 'in a deployment: go on when all is healthy'],
    ['health --json | jq ".lines[] | select(.state == \\"waiting\\")"', 'what waits for something else'],
  ],
  notes:
    'Nomad and Consul are found by the variables of their own command lines (NOMAD_ADDR, CONSUL_HTTP_ADDR, ...). Exits\n' +
    '0 when all is healthy or idle, 5 when something is not, or cannot be seen. What cannot be seen is never healthy.',
  async run(args, context) {
    const timeoutMs = timeoutOf(args)
    const { stack } = loadStack(stackLocation(context, args))
    checkProfiles(stack, args.profile)
    const names = args.service ?? []
    const subjects = chosen(stack, args.profile, names)
    const { read, close } = openHealth(stack, subjects, context)
    try {
      if (args.watch) return await watchHealth(read, context)
      if (args.wait) return await waitForHealth(read, timeoutMs, context)
      const report = await read()
      await showHealth(report, context, { withChecks: names.length > 0 })
      return isHealthy(report) ? 0 : ERROR_CODES.UNAVAILABLE.exit
    } finally {
      close()
    }
  },
})

function timeoutOf({
  wait,
  watch,
  timeout,
}: {
  readonly wait: boolean
  readonly watch: boolean
  readonly timeout?: string | undefined
}): number {
  if (wait && watch)
    throw new DroverError('USAGE', '--wait ends when all is healthy, --watch does not: give one of them')
  if (timeout !== undefined && !wait) throw new DroverError('USAGE', '--timeout is for --wait only')
  try {
    return parseDurationMs(timeout ?? DEFAULT_TIMEOUT)
  } catch (cause) {
    throw new DroverError('USAGE', `--timeout: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** Throws USAGE for a name that is nothing of the stack. */
function chosen(stack: Stack, profiles: readonly string[], names: readonly string[]): Chosen {
  const subjects = chooseSubjects(stack, profiles, names)
  const { unknown } = subjects
  if (unknown.length > 0)
    throw new DroverError(
      'USAGE',
      `the stack ${stack.name} has no ${unknown.map(({ name }) => JSON.stringify(name)).join(' and no ')}`,
      { hint: [...new Set(unknown.map(({ hint }) => hint))].join(' ') },
    )
  return subjects
}

function openHealth(stack: Stack, subjects: Chosen, context: Context): { read: ReadHealth; close(): void } {
  const { region } = stack.cluster
  const nomad = nomadClient(region === undefined ? context.env : { ...context.env, NOMAD_REGION: region })
  const consul = createConsulClient(consulSettings(context.env))
  let tracked: TrackedChecks = new Map()
  return {
    async read() {
      const { now, signal } = context
      const reading = await readPlatform(stack, { nomad, consul, now, signal })
      if (!('value' in reading.consul)) return reportHealth(subjects, reading)
      const seen = trackChecks(tracked, reading.consul.value, reading.at)
      tracked = seen.tracked
      return reportHealth(subjects, { ...reading, consul: { value: seen.reading } })
    },
    close() {
      nomad.close()
      consul.close()
    },
  }
}
