import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { consulSettings } from '../../consul/settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'drover-settings-'))
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
afterAll(() => rmSync(folder, { recursive: true }))

describe('consulSettings', () => {
  it.each([
    [{}, 'http://127.0.0.1:8500'],
    [{ CONSUL_HTTP_ADDR: 'consul:8500' }, 'http://consul:8500'],
    [{ CONSUL_HTTP_ADDR: 'consul:8501', CONSUL_HTTP_SSL: 'true' }, 'https://consul:8501'],
    [{ CONSUL_HTTP_ADDR: 'https://consul:8501/' }, 'https://consul:8501'],
    [{ CONSUL_HTTP_ADDR: 'unix:///run/consul.sock' }, 'unix:///run/consul.sock'],
  ])('%j is %s', (env, address) => {
    expect(consulSettings(env)).toEqual({ address, verify: true })
  })

  it('takes all that the command line of Consul takes', () => {
    expect(
      consulSettings({
        CONSUL_HTTP_TOKEN_FILE: file('token', 't0\n'),
        CONSUL_NAMESPACE: 'ns1',
        CONSUL_PARTITION: 'p1',
        CONSUL_CACERT: file('ca', 'CA'),
        CONSUL_CLIENT_CERT: file('cert', 'CERT'),
        CONSUL_CLIENT_KEY: file('key', 'KEY'),
        CONSUL_TLS_SERVER_NAME: 'name',
        CONSUL_HTTP_SSL_VERIFY: 'false',
      }),
    ).toEqual({
      address: 'http://127.0.0.1:8500',
      token: 't0',
      namespace: 'ns1',
      partition: 'p1',
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
      serverName: 'name',
      verify: false,
    })
    expect(consulSettings({ CONSUL_HTTP_TOKEN: 'a', CONSUL_HTTP_TOKEN_FILE: file('b', 'b') }).token).toBe('a')
  })

  it.each([
    [{ CONSUL_HTTP_ADDR: 'http://user:hunter2@consul' }, /CONSUL_HTTP_ADDR must be/],
    [{ CONSUL_HTTP_ADDR: 'http://[' }, /CONSUL_HTTP_ADDR must be/],
    [{ CONSUL_CACERT: '/nowhere/ca.pem' }, /cannot read \/nowhere\/ca.pem, which CONSUL_CACERT names/],
  ])('refuses %j', (env, message) => {
    let error: unknown
    try {
      consulSettings(env)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('hunter2')
  })
})
