import type { DocumentPath } from '../issue.ts'
import { tasksOf } from '../stack/stack.ts'
import { forEachJob, type Rule, suggest } from './rule.ts'
import { perJob, valuesOf } from './view.ts'

const DEFAULT_NETWORK = 'default'

export const unknownSecret: Rule = {
  code: 'unknown-secret',
  severity: 'error',
  silenceable: false,
  reason: 'A secret is known by its name in `secrets`, which says in which Nomad variable its value is.',
  fix: 'add it to `secrets`',
  *check({ stack }) {
    const unknown = function* (secret: string | undefined, path: DocumentPath, job?: string) {
      if (secret === undefined || Object.hasOwn(stack.secrets, secret)) return
      const fix = suggest(secret, Object.keys(stack.secrets))
      yield {
        path,
        message: `no secret "${secret}" in secrets`,
        fix: /^did/.test(fix) ? fix : 'add it to `secrets`',
        ...(job === undefined ? {} : { job }),
      }
    }
    for (const job of stack.jobs)
      for (const { secret, path } of secretsOf(job)) yield* unknown(secret, path, job.name)
    yield* unknown(stack.broker?.password, ['broker', 'password', 'secret'])
    yield* unknown(stack.scaling.alerts?.webhook, ['scaling', 'alerts', 'webhook', 'secret'])
  },
}

export const unknownVolume: Rule = {
  code: 'unknown-volume',
  severity: 'error',
  silenceable: false,
  reason: 'A volume is known by its name in `volumes`, which says of which kind it is.',
  fix: 'add it to `volumes`',
  check: forEachJob(function* (job, settings) {
    for (const { mounts } of tasksOf(job))
      for (const mount of mounts)
        if ('volume' in mount && !Object.hasOwn(settings.volumes, mount.volume))
          yield {
            path: [...mount.path, 'volume'],
            message: `no volume "${mount.volume}" in volumes`,
            fix: suggest(mount.volume, Object.keys(settings.volumes)),
          }
  }),
}

export const unknownNetwork: Rule = {
  code: 'unknown-network',
  severity: 'error',
  silenceable: false,
  reason: 'A network is known by its name in `networks`; only `default` is always there.',
  fix: 'add it to `networks`',
  check: forEachJob(function* (job, settings) {
    const known = [...Object.keys(settings.networks), DEFAULT_NETWORK]
    for (const [index, network] of job.networks.entries())
      if (!known.includes(network))
        yield {
          path: [...job.path, 'networks', index],
          message: `no network "${network}" in networks`,
          fix: suggest(network, known),
        }
  }),
}

/** Every secret that a job asks for. */
const secretsOf = perJob((job) =>
  valuesOf(job).flatMap(({ value, path }) =>
    value.flatMap((part) =>
      typeof part !== 'string' && 'secret' in part ? [{ secret: part.secret, path }] : [],
    ),
  ),
)
