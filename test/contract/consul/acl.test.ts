import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createConsulReporter } from '../../../consul/reporter.ts'
import { loadStack } from '../../../src/adapters/stack-file.ts'
import { hasConsul } from '../../helpers/consul-agent.ts'
import { groupFacts } from '../../helpers/group-facts.ts'
import { runCli } from '../../helpers/run-cli.ts'
import { useConsul } from '../../helpers/use-consul.ts'

const ROOT = join(import.meta.dirname, '../../..')
const ROOT_TOKEN = '11111111-2222-3333-4444-555555555555'
const STACK = `name: shop
silence: { no-check: These are tests. }
cluster: { isolation: intentions }
broker: { software: bullmq, service: redis }
external: { db: { address: "127.0.0.1:5432" } }
services:
  redis: { image: "redis:7", ports: { redis: 6379 } }
  web: { image: "w:1", ports: { http: 80 }, env: { REDIS: { service: redis } } }
workers:
  mailer: { image: "w:1", queues: [mail], scale: { min: 0, max: 4 } }
`

describe.skipIf(!hasConsul())('a real Consul that denies by default', () => {
  const consul = useConsul({
    config: {
      acl: {
        enabled: true,
        default_policy: 'deny',
        tokens: { initial_management: ROOT_TOKEN, agent: ROOT_TOKEN },
      },
    },
  })
  const cli = (line: string, token?: string) => {
    const env = {
      CONSUL_HTTP_ADDR: consul.address,
      ...(token === undefined ? {} : { CONSUL_HTTP_TOKEN: token }),
    }
    return runCli(line.split(' '), { cwd: consul.folder, env })
  }
  let made = 0
  /** A token with this policy. */
  async function tokenWith(rules: string): Promise<string> {
    const name = `policy-${++made}`
    await consul.call('PUT', 'acl/policy', { Name: name, Rules: rules }, ROOT_TOKEN)
    const answer = await consul.call<{ SecretID: string }>(
      'PUT',
      'acl/token',
      { Policies: [{ Name: name }] },
      ROOT_TOKEN,
    )
    return answer.SecretID
  }
  const policyOf = async () => (await cli('consul policy')).stdout

  beforeAll(() => writeFileSync(join(consul.folder, 'stack.yml'), STACK))

  it('lets a token with exactly the printed policy do everything', async () => {
    const token = await tokenWith(await policyOf())
    expect(await cli('consul sync', token)).toMatchObject({ code: 0 })
    expect(await cli('consul sync --dry-run --prune', token)).toMatchObject({ code: 0 })
    expect(await cli('consul intentions apply', token)).toMatchObject({ code: 0 })
    expect(await cli('consul intentions check', token)).toMatchObject({ code: 0 })
    const { stack } = loadStack({ file: join(consul.folder, 'stack.yml') })
    const states: string[] = []
    const reporter = createConsulReporter({
      client: consul.client(token),
      stack: () => stack,
      clock: { now: Date.now },
      scaler: { id: 'here', host: '127.0.0.1', port: 1, protocol: 'http', version: '1' },
      onChange: ({ status, cause }) => states.push(`${status} ${cause ?? ''}`.trim()),
    })
    reporter.update([groupFacts()], { ready: true, problems: [], isLeader: true })
    await reporter.settled()
    expect(states).toEqual(['ready'])
    expect(await consul.call('GET', 'kv/drover/shop/groups/mailer?raw', undefined, ROOT_TOKEN)).toMatchObject(
      { status: 'passing' },
    )
    await reporter.close()
    const present = await consul.client(ROOT_TOKEN).present('shop')
    expect(present.map(({ id }) => id)).toEqual(['drover:shop:external:db', 'drover:shop:group:mailer'])
  })

  it('the policy has no more than it must', async () => {
    const policy = await policyOf()
    const rules = policy.match(/^\w+ "[^"]*" \{\n[^}]*\}/gm) ?? []
    expect(rules.map((rule) => rule.split('\n')[0])).toEqual([
      'service "db" {',
      'service "drover-scaler" {',
      'service "mailer-group" {',
      'service "redis" {',
      'service "web" {',
      'key_prefix "drover/shop/" {',
    ])
    expect(policy.match(/intentions/g)).toHaveLength(2)
  })

  it.each([
    ['service "db"', 'consul sync --prune', /register the service db: the token lacks service:write/],
    [
      'service "mailer-group"',
      'consul sync --prune',
      /register the service mailer-group: .*lacks service:write/,
    ],
    [
      'service "web"',
      'consul intentions apply',
      /write the intentions of web: the token lacks intentions?:write/,
    ],
  ])('names what is missing without %s', async (rule, line, message) => {
    for (const service of ['db', 'mailer-group'])
      await consul
        .call('PUT', `agent/service/deregister/drover:shop:external:${service}`, undefined, ROOT_TOKEN)
        .catch(() => undefined)
    await consul
      .call('PUT', 'agent/service/deregister/drover:shop:group:mailer', undefined, ROOT_TOKEN)
      .catch(() => undefined)
    await consul.call('DELETE', 'config/service-intentions/web', undefined, ROOT_TOKEN)
    const policy = await policyOf()
    const weaker = policy.replace(new RegExp(`${rule} \\{\\n[^}]*\\}\\n`), '')
    expect(weaker).not.toBe(policy)
    const { code, stderr } = await cli(line, await tokenWith(weaker))
    expect(stderr).toMatch(message)
    expect(stderr).toContain('drover consul policy')
    expect(code).toBe(6)
  })

  it('a reporter without its keys says so, and still tells the states', async () => {
    const weaker = (await policyOf()).replace(/key_prefix[^}]*\}\n/, '')
    const { stack } = loadStack({ file: join(consul.folder, 'stack.yml') })
    const reporter = createConsulReporter({
      client: consul.client(await tokenWith(weaker)),
      stack: () => stack,
      clock: { now: Date.now },
      scaler: { id: 'here', host: '127.0.0.1', port: 1, protocol: 'http', version: '1' },
    })
    reporter.update([groupFacts()], { ready: true, problems: [], isLeader: true })
    await reporter.settled()
    expect(reporter.state()).toMatchObject({
      status: 'refused',
      cause: expect.stringMatching(/the token lacks key:(read|list|write) on "drover\/shop\//),
    })
    const present = await consul.client(ROOT_TOKEN).present('shop')
    const group = present.find(({ id }) => id === 'drover:shop:group:mailer')
    expect(group?.checks).toMatchObject([{ status: 'passing' }])
    await reporter.close()
  })

  it('a token that Consul does not know is told apart, and never printed', async () => {
    const token = '99999999-2222-3333-4444-555555555555'
    const { code, stderr } = await cli('consul sync', token)
    expect(code).toBe(6)
    expect(stderr).toMatch(/Consul does not know the token/)
    expect(stderr).not.toContain(token)
  })

  it('without a token nothing is registered', async () => {
    const { code, stderr } = await cli('consul sync --stack other.yml')
    expect([code, stderr]).toEqual([2, expect.stringContaining('other.yml')])
    copyFileSync(join(ROOT, 'stack.yml'), join(consul.folder, 'e2i.yml'))
    expect((await cli('consul sync')).code).toBe(6)
  })
})
