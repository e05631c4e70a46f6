import { describe, expect, it } from 'vitest'
import { toApi, toFileText } from '../../consul/registration.ts'
import { groupsOf, wantedExternals, wantedGroup, wantedScaler } from '../../consul/wanted.ts'
import { aStack } from '../helpers/a-stack.ts'

const STACK = aStack({
  external: {
    llm_api: {
      description: 'Models.',
      address: 'https://api.example.com',
      checks: [
        { type: 'http', path: '/v1', method: 'HEAD', interval: '1m', timeout: '5s', retries: 2 },
        { type: 'tcp' },
      ],
      tags: ['ai'],
      meta: { tier: 'edge', link_status: 'https://status.example.com' },
    },
    db: { address: '[::1]:5432' },
  },
  workers: {
    big_mailer: {
      image: 'w:1',
      description: 'Sends.',
      queues: ['mail', 'bulk'],
      meta: { tier: 'back', link_runbook: 'https://run.example', team: 'x' },
      tags: ['t'],
      scale: { min: 0, max: 4 },
    },
  },
})
const DIGEST = expect.stringMatching(/^[0-9a-f]{16}$/)

describe('what Drover registers', () => {
  it('what runs elsewhere, with the checks that the agent runs', () => {
    expect(wantedExternals(STACK).map(toApi)).toEqual([
      {
        ID: 'drover:shop:external:llm_api',
        Name: 'llm-api',
        Address: 'api.example.com',
        Port: 443,
        Tags: ['shop', 'external', 'edge', 'ai'],
        Meta: {
          stack: 'shop',
          kind: 'external',
          tier: 'edge',
          link_status: 'https://status.example.com',
          description: 'Models.',
          drover_stack: 'shop',
          drover_digest: DIGEST,
        },
        Checks: [
          {
            CheckID: 'drover:shop:external:llm_api:http-1',
            Name: 'http-1',
            HTTP: 'https://api.example.com:443/v1',
            Method: 'HEAD',
            Interval: '1m',
            Timeout: '5s',
            FailuresBeforeCritical: 2,
          },
          {
            CheckID: 'drover:shop:external:llm_api:tcp-2',
            Name: 'tcp-2',
            TCP: 'api.example.com:443',
            Interval: '30s',
            Timeout: '10s',
            FailuresBeforeCritical: 3,
          },
        ],
      },
      expect.objectContaining({
        Name: 'db',
        Address: '::1',
        Port: 5432,
        Checks: [expect.objectContaining({ TCP: '[::1]:5432', Name: 'tcp' })],
      }),
    ])
  })

  it('a worker group as a whole, by the stack or by Nomad alone', () => {
    const [known] = groupsOf(STACK)
    expect(known && toApi(wantedGroup(STACK, known))).toEqual({
      ID: 'drover:shop:group:big_mailer',
      Name: 'big-mailer-group',
      Tags: ['shop', 'group', 'back', 't'],
      Meta: {
        stack: 'shop',
        kind: 'group',
        job: 'big_mailer',
        queues: 'mail, bulk',
        origin: 'stack',
        tier: 'back',
        link_runbook: 'https://run.example',
        description: 'Sends.',
        drover_stack: 'shop',
        drover_digest: DIGEST,
      },
      Checks: [
        {
          CheckID: 'drover:shop:group:big_mailer:state',
          Name: 'queues',
          Notes: 'Told by the scaler at every change and every 15s.',
          TTL: '45s',
          DeregisterCriticalServiceAfter: '10m',
        },
      ],
    })
    const group = { namespace: 'staging', job: 'Ünique job', group: 'mail' }
    expect(toApi(wantedGroup(STACK, { group, queues: [], origin: 'nomad' }))).toMatchObject({
      ID: 'drover:shop:group:staging/Ünique job/mail',
      Name: '-nique-job-mail-group',
      Meta: { namespace: 'staging', origin: 'nomad' },
    })
  })

  it('the scaler, by its API and by its word', () => {
    const scaler = { id: 'node-1', host: '10.0.0.1', port: 8080, protocol: 'http', version: '1.2.3' } as const
    expect(toApi(wantedScaler('shop', scaler))).toMatchObject({
      ID: 'drover:shop:scaler:node-1',
      Name: 'drover-scaler',
      Address: '10.0.0.1',
      Port: 8080,
      Tags: ['shop', 'scaler'],
      Meta: { version: '1.2.3', link_api: 'http://10.0.0.1:8080' },
      Checks: [
        { HTTP: 'http://10.0.0.1:8080/health/ready', Interval: '10s' },
        { TTL: '45s', DeregisterCriticalServiceAfter: '10m' },
      ],
    })
  })

  it('the digest tells every change, and nothing else', () => {
    const digest = (address: string) =>
      wantedExternals(aStack({ external: { db: { address } } }))[0]?.meta.drover_digest
    expect(digest('a:1')).toBe(digest('a:1'))
    expect(digest('a:1')).not.toBe(digest('a:2'))
  })

  it('files are in the names of Consul, those of meta as they are', () => {
    const [, db] = wantedExternals(
      aStack({ external: { a: { address: 'a:1' }, db: { address: 'db:1', meta: { TeamName: 'X' } } } }),
    )
    const text = db ? toFileText(db) : ''
    expect(text.endsWith('\n}\n')).toBe(true)
    expect(JSON.parse(text)).toMatchObject({
      service: {
        id: 'drover:shop:external:db',
        meta: { TeamName: 'X' },
        checks: [{ id: 'drover:shop:external:db:tcp', tcp: 'db:1', failures_before_critical: 3 }],
      },
    })
  })
})

it('groups of a profile are wanted with it only', () => {
  const worker = { image: 'w:1', queues: ['q'], scale: { min: 0, max: 1 } }
  const stack = aStack({ workers: { a: worker, b: { ...worker, queues: ['r'], profiles: ['night'] } } })
  const names = (profiles?: string[]) => groupsOf(stack, profiles).map(({ group }) => group.job)
  expect([names(), names(['night'])]).toEqual([['a'], ['a', 'b']])
})
