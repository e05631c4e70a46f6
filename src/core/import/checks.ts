import type { Parts } from '../compose/parts.ts'
import type { ComposeHealthcheck } from '../compose/service.ts'
import { toNomadDuration } from '../units.ts'
import { importWords } from './commands.ts'
import type { JobContext } from './context.ts'
import { type HealthCommand, type KnownProbe, readHealthCommand } from './health-command.ts'
import { toWrittenValue } from './pieces.ts'
import { importText } from './texts.ts'
import { present, type StackMap, type StackValue } from './tree.ts'

export interface ImportedChecks {
  readonly checks: readonly StackMap[]
  /** Variables that a check needs in its task. */
  readonly env: StackMap
}

const NONE: ImportedChecks = { checks: [], env: {} }
/** Docker's own, where they are not Drover's. */
const DOCKER_TIMEOUT_MS = 30_000

/** The health check of a service as a check of its job. */
export function importChecks(job: JobContext): ImportedChecks {
  const { account, plan } = job
  const { healthcheck } = plan.service
  if (!healthcheck) return NONE
  if (plan.section === 'batch') {
    account.dropped('healthcheck', 'a batch job is judged by its exit code')
    return NONE
  }
  if (healthcheck.disable?.value) {
    account.mapped(healthcheck.disable.key, '', 'no check')
    account.dropped('healthcheck', 'the health check is disabled')
    return NONE
  }
  const { test } = healthcheck
  if (!test) {
    account.dropped('healthcheck', 'the health check is built into the image: Nomad does not look at it')
    return NONE
  }
  const command = readHealthCommand(test.value)
  const found =
    plan.celery && isPing(command) ? celeryPing(job, command, test.key) : subjectOf(job, command, test)
  if (!found) {
    account.dropped('healthcheck', 'without a check its times say nothing')
    return NONE
  }
  return { checks: [{ ...found.check, ...timing(job, healthcheck) }], env: found.env ?? {} }
}

interface Found {
  readonly check: StackMap
  readonly env?: StackMap
}

function subjectOf(
  job: JobContext,
  command: HealthCommand,
  test: NonNullable<ComposeHealthcheck['test']>,
): Found | undefined {
  const { account } = job
  const { key, position } = test
  if (command.kind === 'none') {
    account.mapped(key, '', 'no check')
    return undefined
  }
  if (command.kind === 'empty') {
    account.approximated(key, '', `no check: it passes whatever the service does (${command.how})`)
    job.comment([], `Has no check: the one in the compose file always passes (${command.how}).`)
    return undefined
  }
  if (command.escape !== undefined) {
    const why = `without "${command.escape}", which let it pass whatever the service does`
    account.approximated(key, 'checks[0]', why)
    job.comment(
      ['checks'],
      `The compose file ends this check in "${command.escape}", so that it always passes.`,
    )
  }
  if (command.kind === 'probe') return fromProbe(job, command.probe, test)
  const words = importWords(job, { value: command.words, key, position }, 'checks[0].command')
  return { check: { type: 'script', command: words } }
}

function fromProbe(job: JobContext, probe: KnownProbe, test: NonNullable<ComposeHealthcheck['test']>): Found {
  const { account, ports, plan } = job
  const own = ports.get(plan.service.name) ?? []
  if (probe.type === 'redis') {
    const place = { ...test, to: 'env.REDISCLI_AUTH', variable: 'REDISCLI_AUTH_PASSWORD' }
    const value = toWrittenValue(importText(job, probe.password, place))
    account.approximated(
      test.key,
      'checks[0]',
      'the password is in a variable, so that no list of processes shows it',
    )
    job.comment(['env', 'REDISCLI_AUTH'], 'redis-cli of the check reads its password here.')
    return { check: { type: 'script', command: probe.words }, env: { REDISCLI_AUTH: value } }
  }
  const { type, port: number, ...rest } = probe
  const port = own.length > 1 ? own.find((one) => one.number === number)?.name : undefined
  account.mapped(
    test.key,
    'checks[0]',
    `Consul itself asks the port ${number}, so the image needs no program for it`,
  )
  return { check: present({ type, port, ...(rest as Record<string, StackValue>) }) }
}

/** A check of a Celery worker that Drover writes anew: a ping, or one that says nothing. */
function isPing(command: HealthCommand): boolean {
  return (
    command.kind === 'empty' ||
    (command.kind === 'script' && /\binspect\b.*\bping\b/.test(textOf(command.words)))
  )
}

/**
 * In compose a ping asks all workers and is content when any of them answers, and the node's name is another
 * one here; so each allocation asks for itself.
 */
function celeryPing(job: JobContext, command: HealthCommand, key: string): Found {
  const { account, plan } = job
  const why =
    command.kind === 'empty'
      ? `it passes whatever the worker does (${command.how}); a ping of this one worker takes its place`
      : 'asks this one worker, by the name that it has in Nomad, and not whichever answers'
  account.approximated(key, 'checks[0]', why)
  const node = `${plan.name}@\${NOMAD_ALLOC_ID}`
  const words = ['celery', '-A', plan.celery?.app ?? '', 'inspect', 'ping', '--destination', node]
  return { check: { type: 'script', command: words } }
}

function textOf(words: readonly Parts[]): string {
  return words
    .flat()
    .filter((part) => typeof part === 'string')
    .join(' ')
}

function timing({ account }: JobContext, healthcheck: ComposeHealthcheck): StackMap {
  const { intervalMs, timeoutMs, retries, startPeriodMs, startIntervalMs } = healthcheck
  const duration = (source: typeof intervalMs, to: string, least = 1000): string | undefined => {
    if (!source) return undefined
    account.mapped(source.key, `checks[0].${to}`)
    if (source.value < least)
      account.approximated(source.key, `checks[0].${to}`, 'Nomad takes no less than a second')
    return toNomadDuration(Math.max(source.value, least))
  }
  if (retries) account.mapped(retries.key, 'checks[0].retries')
  if (startIntervalMs) account.dropped(startIntervalMs.key, 'Consul asks in one interval, from the start on')
  return present({
    interval: duration(intervalMs, 'interval'),
    timeout: duration(timeoutMs, 'timeout') ?? toNomadDuration(DOCKER_TIMEOUT_MS),
    retries: retries === undefined ? undefined : Math.max(1, Math.round(retries.value)),
    grace: duration(startPeriodMs, 'grace', 0),
  })
}
