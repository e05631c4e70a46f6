import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { consulBinary, hasConsul } from '../../helpers/consul-agent.ts'
import { runCli } from '../../helpers/run-cli.ts'
import { useConsul } from '../../helpers/use-consul.ts'
import { waitUntil } from '../../helpers/wait-until.ts'

const stackWith = (external: string) => `name: shop
silence: { no-check: These are tests. }
broker: { software: bullmq, service: redis }
services:
  redis: { image: "redis:7", ports: { redis: 6379 } }
${external}
workers:
  mailer: { image: "w:1", queues: [mail], scale: { min: 0, max: 4 } }
`

describe.skipIf(!hasConsul())('drover consul sync on a real Consul', () => {
  const consul = useConsul()
  let elsewhere: Server
  let port = 0
  let status = 200

  beforeAll(async () => {
    elsewhere = createServer((_, answer) => {
      answer.writeHead(status).end('well')
    })
    await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
    port = (elsewhere.address() as AddressInfo).port
  })
  afterAll(() => elsewhere.close())

  beforeEach(async () => {
    status = 200
    for (const id of Object.keys(await consul.call<object>('GET', 'agent/services')))
      await consul.call('PUT', `agent/service/deregister/${encodeURIComponent(id)}`)
    write(`external:\n  db: { address: "127.0.0.1:${port}", checks: [{ type: tcp, interval: 1s }] }
  api: { address: "http://127.0.0.1:${port}", checks: [{ type: http, path: /up, interval: 1s, retries: 1 }] }`)
  })

  const write = (external: string) => writeFileSync(join(consul.folder, 'stack.yml'), stackWith(external))
  const drover = async (line: string) => {
    const env = { CONSUL_HTTP_ADDR: consul.address }
    const { code, stdout, stderr } = await runCli(line.split(' '), { cwd: consul.folder, env })
    expect(stderr).not.toMatch(/^drover:/m)
    return { code, stdout, stderr }
  }
  const sync = async (options = '') =>
    JSON.parse((await drover(`consul sync --json${options}`)).stdout) as {
      changes: { service: string; change: string }[]
      unchanged: number
      left: string[]
    }
  const changesOf = async (options = '') =>
    (await sync(options)).changes.map(({ service, change }) => `${change} ${service}`)
  const statusOf = async (service: string) => {
    const [entry] = await consul.call<{ Checks: { CheckID: string; Status: string }[] }[]>(
      'GET',
      `health/service/${service}`,
    )
    return entry?.Checks.filter(({ CheckID }) => CheckID.startsWith('drover:')).map(({ Status }) => Status)
  }

  it('registers what runs elsewhere and the worker groups, and then changes nothing', async () => {
    expect(await changesOf(' --dry-run')).toEqual(['create db', 'create api', 'create mailer-group'])
    expect(await consul.call('GET', 'agent/services')).toEqual({})
    expect(await changesOf()).toEqual(['create db', 'create api', 'create mailer-group'])
    const before = await consul.call<Record<string, { ModifyIndex: number }>>('GET', 'agent/services')
    expect(await sync()).toMatchObject({ changes: [], unchanged: 3 })
    expect(await consul.call('GET', 'agent/services')).toEqual(before)
    expect((await drover('consul sync --dry-run --prune')).code).toBe(0)
  })

  it('has the agent really run the checks', async () => {
    await sync()
    await waitUntil('both pass', async () =>
      String(await statusOf('db')) === 'passing' && String(await statusOf('api')) === 'passing'
        ? true
        : undefined,
    )
    status = 500
    await waitUntil('the http check fails', async () =>
      String(await statusOf('api')) === 'critical' ? true : undefined,
    )
    // The port still answers.
    expect(await statusOf('db')).toEqual(['passing'])
  })

  it('says that no scaler tells of a group, until one does', async () => {
    await sync()
    expect(await statusOf('mailer-group')).toEqual(['critical'])
    await consul.call('PUT', 'agent/check/update/drover:shop:group:mailer:state', {
      Status: 'passing',
      Output: 'well',
    })
    // A change of the registration keeps the state that was told.
    await consul.call('PUT', 'agent/service/register', {
      ID: 'drover:shop:group:mailer',
      Name: 'mailer-group',
      Meta: { drover_stack: 'shop' },
    })
    expect(await changesOf()).toEqual(['update mailer-group'])
    expect(await statusOf('mailer-group')).toEqual(['passing'])
  })

  it('a check that the stack has no more goes', async () => {
    write(
      `external:\n  db: { address: "127.0.0.1:${port}", checks: [{ type: tcp }, { type: http, path: / }] }`,
    )
    await sync()
    expect(await statusOf('db')).toHaveLength(2)
    write(`external:\n  db: { address: "127.0.0.1:${port}", checks: [{ type: tcp, name: tcp-1 }] }`)
    expect(await changesOf()).toEqual(['update db'])
    expect(await statusOf('db')).toHaveLength(1)
  })

  it('puts right what another has changed', async () => {
    await sync()
    await consul.call('PUT', `agent/check/deregister/drover:shop:external:db:tcp`)
    const { Meta } = await consul.call<{ Meta: object }>('GET', 'agent/service/drover:shop:external:api')
    await consul.call('PUT', 'agent/service/register', {
      ID: 'drover:shop:external:api',
      Name: 'api',
      Meta,
      Tags: ['mine'],
    })
    expect(await changesOf()).toEqual(['update db', 'update api'])
    expect(await changesOf()).toEqual([])
  })

  it('removes what the stack has no more, only when asked to, and nothing of other owners', async () => {
    await sync()
    const others = {
      'drover:other:external:db': { Name: 'db', Meta: { drover_stack: 'other' } },
      'drover:shop:external:mine': { Name: 'mine' },
      'their-own': { Name: 'their-own', Meta: { drover_stack: 'shop' } },
      'drover:shop:scaler:here': { Name: 'drover-scaler', Meta: { drover_stack: 'shop', kind: 'scaler' } },
      'drover:shop:group:seen': { Name: 'seen-group', Meta: { drover_stack: 'shop', origin: 'nomad' } },
    }
    for (const [ID, service] of Object.entries(others))
      await consul.call('PUT', 'agent/service/register', { ID, ...service })
    write('')
    expect(await sync()).toMatchObject({ changes: [], left: ['api', 'db'] })
    expect(await changesOf(' --prune')).toEqual(['remove api', 'remove db'])
    const kept = Object.keys(await consul.call<object>('GET', 'agent/services')).sort()
    expect(kept).toEqual([...Object.keys(others), 'drover:shop:group:mailer'].sort())
  })

  it('files that `consul services register` loads are the same services', async () => {
    await drover('consul render')
    mkdirSync(join(consul.folder, 'consul/rendered'), { recursive: true })
    for (const name of ['db', 'api', 'mailer-group'])
      execFileSync(
        consulBinary(),
        ['services', 'register', join(consul.folder, `consul/rendered/${name}.service.json`)],
        { env: { ...process.env, CONSUL_HTTP_ADDR: consul.address } },
      )
    expect(await sync()).toMatchObject({ changes: [], unchanged: 3 })
    await waitUntil('the loaded check passes', async () =>
      String(await statusOf('api')) === 'passing' ? true : undefined,
    )
  })
})
