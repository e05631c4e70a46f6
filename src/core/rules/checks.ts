import { literalText } from '../stack/value.ts'
import { parseDurationMs } from '../units.ts'
import { alwaysPasses } from './always-passes.ts'
import { forEachJob, type Rule } from './rule.ts'

const LEAST_MS = 1000

export const checkWithoutPort: Rule = {
  code: 'check-without-port',
  severity: 'error',
  silenceable: false,
  reason: 'Checks of the types http, tcp and grpc dial a port of the job.',
  fix: 'list the port under `ports`, or use a script check',
  check: forEachJob(function* (job) {
    for (const { type, path } of job.checks)
      if (type !== 'script' && job.ports.length === 0)
        yield { path, message: `a ${type} check needs a port, and the job has none` }
  }),
}

export const checkTooFast: Rule = {
  code: 'check-too-fast',
  severity: 'error',
  silenceable: false,
  reason: 'Nomad refuses an interval or a timeout of a check below one second.',
  fix: 'use at least "1s"',
  check: forEachJob(function* (job) {
    for (const check of job.checks)
      for (const key of ['interval', 'timeout'] as const)
        if (parseDurationMs(check[key]) < LEAST_MS)
          yield { path: [...check.path, key], message: `${check[key]} is below one second` }
  }),
}

export const checkTimeoutLong: Rule = {
  code: 'check-timeout-long',
  severity: 'warning',
  silenceable: true,
  reason:
    'A check that may take longer than its interval is late when it finds something: the next one starts only when it is done.',
  fix: 'make the timeout shorter than the interval',
  check: forEachJob(function* (job) {
    for (const { timeout, interval, path } of job.checks)
      if (parseDurationMs(timeout) > parseDurationMs(interval))
        yield {
          path: [...path, 'timeout'],
          message: `the timeout of ${timeout} is longer than the interval of ${interval}`,
        }
  }),
}

export const checkAlwaysPasses: Rule = {
  code: 'check-always-passes',
  severity: 'warning',
  silenceable: true,
  reason:
    'A check that cannot fail says that a dead service is healthy: deployments go on, and others are sent to it.',
  fix: 'let it fail when the service does not work, or remove it',
  check: forEachJob(function* (job) {
    for (const check of job.checks) {
      if (check.type !== 'script') continue
      const how = alwaysPasses(check.command.map((value) => literalText(value) ?? ''))
      if (how !== undefined)
        yield { path: [...check.path, 'command'], message: `this check always passes: ${how}` }
    }
  }),
}

export const noCheck: Rule = {
  code: 'no-check',
  severity: 'warning',
  silenceable: true,
  reason:
    'Without a check a service counts as healthy as soon as it is placed, and nothing restarts it when it hangs. Workers are not meant: Drover sees by their queues and heartbeats whether they work.',
  fix: 'add a check: http, tcp, grpc or a script',
  check: forEachJob(function* (job) {
    if ((job.kind === 'service' || job.kind === 'system') && job.checks.length === 0)
      yield { path: job.path, message: `the ${job.kind} ${job.name} has no check` }
  }),
}
