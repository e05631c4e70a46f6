import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ScalerConfig } from '../../src/config/config.ts'
import { DroverError } from '../../src/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment, and where it says nothing, what the configuration says: adapters know only the former. */
export function environmentOf({ nomad, redis }: ScalerConfig, env: Environment): Environment {
  return {
    NOMAD_ADDR: nomad.address,
    NOMAD_NAMESPACE: nomad.namespace,
    NOMAD_REGION: nomad.region,
    NOMAD_CACERT: nomad.caFile,
    ...unless(env, ['NOMAD_TOKEN', 'NOMAD_TOKEN_FILE'], { NOMAD_TOKEN_FILE: nomad.tokenFile }),
    ...unless(env, ['DROVER_REDIS_URL', 'DROVER_REDIS_URL_FILE'], { DROVER_REDIS_URL: redis.url }),
    DROVER_REDIS_USERNAME: redis.username,
    ...unless(env, ['DROVER_REDIS_PASSWORD', 'DROVER_REDIS_PASSWORD_FILE'], {
      DROVER_REDIS_PASSWORD_FILE: redis.passwordFile,
    }),
    DROVER_REDIS_CA_FILE: redis.caFile,
    ...withoutEmpty(env),
  }
}

/** The token of the API: DROVER_TOKEN, the file of DROVER_TOKEN_FILE, or that of the configuration. Throws USAGE. */
export function apiToken({ tokenFile }: ScalerConfig, env: Environment): string | undefined {
  return secret(env, 'DROVER_TOKEN', tokenFile)
}

/** Where alerts go: DROVER_ALERT_WEBHOOK, the file of DROVER_ALERT_WEBHOOK_FILE, or that of the configuration. */
export function alertWebhook({ alerts }: ScalerConfig, env: Environment): string | undefined {
  const url = secret(env, 'DROVER_ALERT_WEBHOOK', alerts.webhookFile)
  if (url === undefined || /^https?:\/\/[^\s/]+/.test(url)) return url
  throw new DroverError(
    'CONFIG_INVALID',
    'the address of the alert webhook does not start with http:// or https://',
  )
}

/**
 * Where history is kept when nobody says: in the folder that systemd or the user's settings name, a folder for each
 * stack. Undefined where there is no such folder.
 */
export function defaultHistoryFolder(stack: string, env: Environment): string | undefined {
  if (env.STATE_DIRECTORY) return join(env.STATE_DIRECTORY.split(':')[0] ?? '', stack)
  const home = env.HOME || homedir()
  const state = env.XDG_STATE_HOME || (home && join(home, '.local', 'state'))
  return state ? join(state, 'drover', stack) : undefined
}

/** Every secret that the log must not hold, whatever puts it there. */
export function secretsOf(env: Environment, ...more: readonly (string | undefined)[]): string[] {
  const names = [
    'NOMAD_TOKEN',
    'DROVER_REDIS_PASSWORD',
    'DROVER_TOKEN',
    'DROVER_ALERT_WEBHOOK',
    'CONSUL_HTTP_TOKEN',
  ]
  return [...names.map((name) => env[name]), ...more].filter((text) => text !== undefined)
}

function secret(env: Environment, name: string, configured: string | undefined): string | undefined {
  const given = env[name]
  if (given) return given
  const file = env[`${name}_FILE`] || configured
  if (file === undefined) return undefined
  try {
    return readFileSync(file, 'utf8').trim() || undefined
  } catch (cause) {
    throw new DroverError('USAGE', `cannot read ${file}`, { cause })
  }
}

function unless(env: Environment, names: readonly string[], values: Environment): Environment {
  return names.some((name) => env[name]) ? {} : values
}

function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value))
}
