import { describe, expect, it } from 'vitest'
import { inFolder } from './in-folder.ts'

const here = inFolder()
const STACK = `name: shop
silence: { no-check: These are tests. }
broker: { software: bullmq, service: redis }
external:
  db: { address: "db.example:5432" }
services:
  redis: { image: "redis:7", ports: { redis: 6379 } }
workers:
  mailer: { image: "w:1", queues: [mail], scale: { min: 0, max: 4 } }
`
const NOBODY = { CONSUL_HTTP_ADDR: '127.0.0.1:1' }

describe('drover consul render', () => {
  it('writes files, and then has nothing to write', async () => {
    here.write({ 'stack.yml': STACK })
    expect(await here.run('consul render')).toEqual({
      code: 0,
      stdout: '',
      stderr: '2 services in consul/rendered: 2 written, 0 unchanged\n',
    })
    const files = here.read('consul/rendered')
    expect(Object.keys(files)).toEqual(['db.service.json', 'mailer-group.service.json'])
    expect((await here.run('consul render --check')).code).toBe(0)
    await here.run('consul render')
    expect(here.read('consul/rendered')).toEqual(files)
  })

  it('--check tells of differences, and files of services that are gone go', async () => {
    here.write({ 'stack.yml': STACK })
    await here.run('consul render')
    here.write({ 'stack.yml': STACK.replace(/external:\n.*\n/, ''), 'consul/rendered/mine.json': '{}' })
    const { code, stdout, stderr } = await here.run('consul render --check')
    expect(code).toBe(7)
    expect(stdout).toContain('-    "name": "db",')
    expect(stderr).toContain('Run drover consul render to write them.')
    expect((await here.run('consul render')).stderr).toContain(
      'removed consul/rendered/db.service.json: its service is gone',
    )
    expect(Object.keys(here.read('consul/rendered'))).toEqual(['mailer-group.service.json', 'mine.json'])
  })

  it('writes over no file of others, and takes away no rendered job', async () => {
    here.write({ 'stack.yml': STACK, 'out/db.service.json': '{"service": {"name": "db"}}' })
    expect(await here.run('consul render --out out')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('was not written by drover'),
    })
    await here.run('render')
    await here.run('consul render --out jobs')
    expect(Object.keys(here.read('jobs'))).toContain('redis.nomad.hcl')
    await here.run('render')
    expect(Object.keys(here.read('jobs'))).toContain('db.service.json')
  })
})

describe('drover consul', () => {
  it('policy prints HCL that says what it is for', async () => {
    here.write({ 'stack.yml': STACK })
    const { code, stdout } = await here.run('consul policy')
    expect([code, stdout]).toEqual([
      0,
      `# What Drover needs for the stack shop: to register what Nomad does not, and to say how it is,
service "db" {
  policy = "write"
}

service "drover-scaler" {
  policy = "write"
}

service "mailer-group" {
  policy = "write"
}

# and to keep the live numbers of its worker groups.
key_prefix "drover/shop/" {
  policy = "write"
}
`,
    ])
  })

  it.each([
    ['consul', 2, /ACTION is missing \(it is one of sync, render, policy, intentions\)/],
    ['consul synch', 2, /did you mean sync\?/],
    ['consul intentions', 2, /consul intentions needs one of render, apply, check/],
    ['consul sync apply', 2, /consul sync takes no "apply"/],
    ['consul sync', 5, /Consul does not answer at http:\/\/127.0.0.1:1/],
    ['consul intentions check', 2, /cluster.isolation is none/],
  ])('%s: exit %i', async (line, exit, message) => {
    here.write({ 'stack.yml': STACK })
    const { code, stderr } = await here.run(line, { env: NOBODY })
    expect([code, stderr]).toEqual([exit, expect.stringMatching(message)])
  })

  it('--json is data, also of errors', async () => {
    here.write({ 'stack.yml': STACK })
    const { code, stderr } = await here.run('consul sync --json', { env: NOBODY })
    expect(code).toBe(5)
    expect(JSON.parse(stderr)).toMatchObject({ code: 'UNAVAILABLE' })
  })
})
