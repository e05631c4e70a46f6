import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsulAgent, consulBinary, hasConsul, startConsul } from '../../helpers/consul-agent.ts'
import { freePorts } from '../../helpers/free-port.ts'
import { runCli } from '../../helpers/run-cli.ts'

describe.skipIf(!hasConsul())('ways to a real Consul', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-consul-'))
  const file = (name: string) => join(folder, name)
  const tls = (...args: string[]) =>
    execFileSync(consulBinary(), ['tls', ...args], { cwd: folder, stdio: 'ignore' })
  let agent: ConsulAgent | undefined
  let https = 0

  beforeAll(async () => {
    tls('ca', 'create')
    tls('cert', 'create', '-server')
    tls('cert', 'create', '-client')
    expect(readdirSync(folder)).toContain('dc1-server-consul-0.pem')
    ;[https = 0] = await freePorts(1)
    agent = await startConsul(folder, {
      config: {
        ports: { https },
        addresses: { http: `127.0.0.1 unix://${file('consul.sock')}` },
        ca_file: file('consul-agent-ca.pem'),
        cert_file: file('dc1-server-consul-0.pem'),
        key_file: file('dc1-server-consul-0-key.pem'),
        verify_incoming_https: true,
      },
    })
  })
  afterAll(async () => {
    await agent?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const cli = (env: Record<string, string>) =>
    runCli(['consul', 'sync', '--dry-run', '--stack', '../../../stack.yml'], {
      cwd: import.meta.dirname,
      env,
    })
  const client = {
    CONSUL_CLIENT_CERT: file('dc1-client-consul-0.pem'),
    CONSUL_CLIENT_KEY: file('dc1-client-consul-0-key.pem'),
  }
  const ca = { CONSUL_CACERT: file('consul-agent-ca.pem') }

  it('HTTP and a Unix socket', async () => {
    expect(await cli({ CONSUL_HTTP_ADDR: agent?.address ?? '' })).toMatchObject({ code: 7 })
    expect(await cli({ CONSUL_HTTP_ADDR: `unix://${file('consul.sock')}` })).toMatchObject({ code: 7 })
  })

  it('TLS with certificates of both sides', async () => {
    expect(await cli({ CONSUL_HTTP_ADDR: `https://localhost:${https}`, ...ca, ...client })).toMatchObject({
      code: 7,
    })
    const address = { CONSUL_HTTP_ADDR: `127.0.0.1:${https}`, CONSUL_HTTP_SSL: 'true' }
    expect(
      await cli({ ...address, ...ca, ...client, CONSUL_TLS_SERVER_NAME: 'server.dc1.consul' }),
    ).toMatchObject({ code: 7 })
    expect(await cli({ ...address, ...client, CONSUL_HTTP_SSL_VERIFY: 'false' })).toMatchObject({ code: 7 })
  })

  it.each([
    ['an authority that is not known', { ...client }, /certificate/],
    ['no certificate of the client', { ...ca }, /certificate|alert|socket/i],
  ])('refuses %s', async (_, env, message) => {
    const { code, stderr } = await cli({ CONSUL_HTTP_ADDR: `https://localhost:${https}`, ...env })
    expect([code, stderr]).toEqual([5, expect.stringMatching(message)])
  })

  it.each([
    ['CONSUL_NAMESPACE', 'Namespaces'],
    ['CONSUL_PARTITION', 'Partitions'],
  ])('sends %s, which only Consul Enterprise has', async (variable, word) => {
    const { code, stderr } = await cli({ CONSUL_HTTP_ADDR: agent?.address ?? '', [variable]: 'team' })
    expect([code, stderr]).toEqual([6, expect.stringContaining(`${word} are a Consul Enterprise feature`)])
  })
})
