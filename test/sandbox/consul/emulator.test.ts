import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readService } from '../../../src/sandbox/consul/agent/definition.ts'
import { runLocalCheck } from '../../../src/sandbox/consul/agent/run-check.ts'
import { type ConsulEmulator, startConsulEmulator } from '../../../src/sandbox/index.ts'

let consul: ConsulEmulator
beforeAll(async () => {
  consul = await startConsulEmulator()
})
afterAll(() => consul.close())

const send = async (method: string, path: string, body?: object) => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const answer = await fetch(`${consul.address}${path}`, init)
  return [answer.status, await answer.text()] as const
}

describe('an emulated Consul', () => {
  it.each([
    ['GET', '/v1/acl/tokens'],
    ['PUT', '/v1/event/fire/x'],
    ['GET', '/ui/'],
    ['GET', '/v1/connect/ca/roots?pretty'],
  ])('answers 501 to what it does not emulate: %s %s', async (method, path) => {
    expect(await send(method, path)).toEqual([
      501,
      `the sandbox does not emulate ${method} ${path.split('?')[0]}`,
    ])
  })

  it.each([{ Args: ['true'] }, { GRPC: 'x:1' }, { AliasService: 'web' }])(
    'nor checks such as %j',
    async (check) => {
      const body = { Name: 'x', Check: { Interval: '1s', ...check } }
      expect(await send('PUT', '/v1/agent/service/register', body)).toEqual([
        501,
        `the sandbox does not emulate checks with ${Object.keys(check)[0]}`,
      ])
    },
  )

  it('takes what lies elsewhere to be well, and leaves it alone', async () => {
    const sent = {
      Name: 'x',
      Checks: [
        { TCP: 'db.example.com:5432', Interval: '1s' },
        { HTTP: 'https://203.0.113.7/up', Interval: '1s' },
      ],
    }
    for (const check of readService(sent).checks)
      expect(await runLocalCheck(check)).toMatchObject({
        status: 'passing',
        output: expect.stringContaining('not on this machine'),
      })
  })

  it('looks at this machine for real', async () => {
    const sent = {
      Name: 'x',
      Checks: [
        { TCP: 'localhost:1', Interval: '1s' },
        { HTTP: 'http://127.0.0.1:1/', Interval: '1s' },
        { HTTP: 'http://[::1]:1/', Interval: '1s' },
      ],
    }
    for (const check of readService(sent).checks) expect((await runLocalCheck(check)).status).toBe('critical')
  })
})
