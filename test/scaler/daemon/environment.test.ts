import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import {
  alertWebhook,
  apiToken,
  defaultHistoryFolder,
  environmentOf,
} from '../../../scaler/daemon/environment.ts'
import { parseConfig } from '../../../src/config/parse-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'drover-env-'))
writeFileSync(join(folder, 'secret'), 'from the file\n')
afterAll(() => rmSync(folder, { recursive: true }))

function configOf(value: object) {
  const result = parseConfig(value, (path) => join(folder, path))
  if ('issues' in result) throw new Error(JSON.stringify(result.issues))
  return result.config
}

const FULL = configOf({
  token_file: 'secret',
  nomad: { address: 'http://file:4646', token_file: 'nomad', namespace: 'file' },
  redis: { url: 'redis://file', username: 'file', password_file: 'redis' },
  alerts: { webhook_file: 'secret' },
})

it('fills in what the environment does not say', () => {
  expect(environmentOf(FULL, { HOME: '/h', NOMAD_ADDR: '' })).toMatchObject({
    HOME: '/h',
    NOMAD_ADDR: 'http://file:4646',
    NOMAD_NAMESPACE: 'file',
    NOMAD_TOKEN_FILE: join(folder, 'nomad'),
    DROVER_REDIS_URL: 'redis://file',
    DROVER_REDIS_USERNAME: 'file',
    DROVER_REDIS_PASSWORD_FILE: join(folder, 'redis'),
  })
})

it('lets the environment win, secrets and addresses whole', () => {
  const env = {
    NOMAD_ADDR: 'http://env',
    NOMAD_TOKEN: 't',
    DROVER_REDIS_URL_FILE: 'f',
    DROVER_REDIS_PASSWORD: 'p',
  }
  const merged = environmentOf(FULL, env)
  expect(merged).toMatchObject(env)
  expect(merged.NOMAD_TOKEN_FILE).toBeUndefined()
  expect(merged.DROVER_REDIS_URL).toBeUndefined()
  expect(merged.DROVER_REDIS_PASSWORD_FILE).toBeUndefined()
})

it.each([
  [{ DROVER_TOKEN: 'a', DROVER_TOKEN_FILE: '/nowhere' }, 'a'],
  [{ DROVER_TOKEN_FILE: join(folder, 'secret') }, 'from the file'],
  [{}, 'from the file'],
])('takes the token of %j', (env, token) => {
  expect(apiToken(FULL, env)).toBe(token)
})

it('has no token unless somebody gives one, and says which file cannot be read', () => {
  expect(apiToken(configOf({}), {})).toBeUndefined()
  expect(() => apiToken(configOf({ token_file: 'none' }), {})).toThrow(`cannot read ${join(folder, 'none')}`)
})

it('refuses a webhook that is no address, without showing it', () => {
  expect(alertWebhook(FULL, { DROVER_ALERT_WEBHOOK: 'https://hooks/x' })).toBe('https://hooks/x')
  expect(() => alertWebhook(FULL, {})).toThrow(/^the address of the alert webhook does not start with/)
})

it.each([
  [{ STATE_DIRECTORY: '/var/lib/drover:/other', HOME: '/h' }, '/var/lib/drover/shop'],
  [{ XDG_STATE_HOME: '/state', HOME: '/h' }, '/state/drover/shop'],
  [{ HOME: '/h' }, '/h/.local/state/drover/shop'],
])('keeps history by %j', (env, path) => {
  expect(defaultHistoryFolder('shop', env)).toBe(path)
})
