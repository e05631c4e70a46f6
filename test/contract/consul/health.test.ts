import { beforeAll, describe, expect, it } from 'vitest'
import { readConsul } from '../../../src/adapters/health/read-consul.ts'
import { aStack } from '../../helpers/a-stack.ts'
import { hasConsul } from '../../helpers/consul-agent.ts'
import { useConsul } from '../../helpers/use-consul.ts'

const ROOT_TOKEN = '11111111-2222-3333-4444-555555555555'
const STACK = aStack({
  services: {
    api: { image: 'api:1', ports: { main: 80 }, checks: [{ type: 'http', path: '/' }] },
    plain: { image: 'plain:1', ports: { main: 81 } },
  },
})
const READ = 'service_prefix "" { policy = "read" }\nnode_prefix "" { policy = "read" }\n'

describe.skipIf(!hasConsul())('what a stack has in a real Consul that denies by default', () => {
  const consul = useConsul({
    config: {
      acl: {
        enabled: true,
        default_policy: 'deny',
        tokens: { initial_management: ROOT_TOKEN, agent: ROOT_TOKEN },
      },
    },
  })

  async function tokenWith(rules: string): Promise<string> {
    const policy = await consul.call<{ ID: string }>(
      'PUT',
      'acl/policy',
      { Name: `p${rules.length}`, Rules: rules },
      ROOT_TOKEN,
    )
    const token = await consul.call<{ SecretID: string }>(
      'PUT',
      'acl/token',
      { Policies: [{ ID: policy.ID }] },
      ROOT_TOKEN,
    )
    return token.SecretID
  }

  beforeAll(async () => {
    const put = (service: object) => consul.call('PUT', 'agent/service/register', service, ROOT_TOKEN)
    const mark = (job: string, stack = 'shop') => ({ Tags: [stack], Meta: { stack, job, kind: 'service' } })
    const Check = { CheckID: 'api-check', Name: 'http', TTL: '60s' }
    await put({ ID: 'api-1', Name: 'api', Address: '10.0.0.5', Port: 8080, Check, ...mark('api') })
    await put({ ID: 'plain-1', Name: 'plain', Port: 8081, ...mark('plain') })
    await put({ ID: 'other-1', Name: 'other', Port: 8082, ...mark('other', 'another') })
    // The servers know a check's first words only, until its status changes.
    const words = { Status: 'critical', Output: 'refused' }
    await consul.call('PUT', 'agent/check/update/api-check', words, ROOT_TOKEN)
  })

  const read = async (token?: string) => {
    const { services } = await readConsul(consul.client(token), STACK)
    return services.map(({ name, job, endpoint, checks }) => [
      name,
      job,
      endpoint,
      checks.map(({ name, status, output }) => [name, status, output]),
    ])
  }

  it('is read with the policy that docs/health.md names, the words of its own agent included', async () => {
    expect(await read(await tokenWith(READ))).toEqual([
      ['api', 'api', '10.0.0.5:8080', [['http', 'critical', 'refused']]],
      ['plain', 'plain', '127.0.0.1:8081', []],
    ])
  })

  it.each([
    ['no token', undefined],
    ['no permission to read nodes', 'service_prefix "" { policy = "read" }'],
    ['no permission to read services', 'node_prefix "" { policy = "read" }'],
  ])('is not there with %s', async (_, rules) => {
    expect(await read(rules === undefined ? undefined : await tokenWith(rules))).toEqual([])
  })

  it('is refused to a token that Consul does not know', async () => {
    await expect(read('22222222-2222-3333-4444-555555555555')).rejects.toMatchObject({ code: 'REJECTED' })
  })
})
