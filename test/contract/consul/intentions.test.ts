import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { consulBinary, hasConsul } from '../../helpers/consul-agent.ts'
import { runCli } from '../../helpers/run-cli.ts'
import { useConsul } from '../../helpers/use-consul.ts'

const stackOf = (services: string) => `name: shop
silence: { no-check: These are tests., networks-not-isolated: x }
cluster: { isolation: intentions }
networks: { front: {}, back: {} }
services:
  db: { image: "d:1", networks: [back], ports: { main: 5432 } }
  api: { image: "a:1", networks: [back, front], ports: { http: 80 }, env: { DB: { service: db } } }
  cron: { image: "c:1", networks: [back], ports: { http: 80 } }
${services}
`
const WEB = '  web: { image: "w:1", networks: [front], ports: { http: 80 }, env: { API: { service: api } } }'

describe.skipIf(!hasConsul())('drover consul intentions on a real Consul', () => {
  const consul = useConsul()
  const cli = (line: string) =>
    runCli(`consul intentions ${line}`.split(' '), {
      cwd: consul.folder,
      env: { CONSUL_HTTP_ADDR: consul.address },
    })
  const write = (services: string) =>
    writeFileSync(
      join(consul.folder, 'stack.yml'),
      stackOf(services).replace(', networks-not-isolated: x', ''),
    )
  const mayCall = async (source: string, destination: string) =>
    (
      await consul.call<{ Allowed: boolean }>(
        'GET',
        `connect/intentions/check?source=${source}&destination=${destination}`,
      )
    ).Allowed
  const entries = async () =>
    (await consul.call<{ Name: string }[]>('GET', 'config/service-intentions')).map(({ Name }) => Name).sort()

  beforeEach(async () => {
    for (const name of await entries()) await consul.call('DELETE', `config/service-intentions/${name}`)
    write(WEB)
  })

  it('lets through what the stack declares, and nothing else', async () => {
    expect((await cli('check')).code).toBe(7)
    expect(await cli('apply')).toMatchObject({ code: 0 })
    expect(await entries()).toEqual(['api', 'cron', 'db', 'web'])
    const names = ['db', 'api', 'cron', 'web']
    const allowed: string[] = []
    for (const source of [...names, 'stranger'])
      for (const destination of names)
        if (await mayCall(source, destination)) allowed.push(`${source} -> ${destination}`)
    // cron shares a network with db, and declares nothing.
    expect(allowed).toEqual(['api -> db', 'web -> api'])
    expect((await cli('check')).code).toBe(0)
  })

  it('writes what differs and nothing else', async () => {
    await cli('apply')
    const before = await consul.call<{ Name: string; ModifyIndex: number }[]>(
      'GET',
      'config/service-intentions',
    )
    write('')
    const { stdout } = await cli('apply')
    expect(stdout).toMatch(/api +update +-/)
    const after = await consul.call<{ Name: string; ModifyIndex: number }[]>(
      'GET',
      'config/service-intentions',
    )
    const changed = after.filter(
      ({ Name, ModifyIndex }) => before.find((one) => one.Name === Name)?.ModifyIndex !== ModifyIndex,
    )
    expect(changed.map(({ Name }) => Name)).toEqual(['api'])
    expect(await entries()).toContain('web')
    expect((await cli('check')).code).toBe(7)
    expect((await cli('apply --dry-run --prune')).code).toBe(7)
    expect((await cli('apply --prune')).code).toBe(0)
    expect(await entries()).toEqual(['api', 'cron', 'db'])
  })

  it('leaves those of other owners as they are, and says so', async () => {
    const theirs = { Kind: 'service-intentions', Name: 'db', Sources: [{ Name: 'dba', Action: 'allow' }] }
    await consul.call('PUT', 'config', theirs)
    await consul.call('PUT', 'config', { ...theirs, Name: 'elsewhere' })
    const { code, stderr } = await cli('apply --prune')
    expect(code).toBe(6)
    expect(stderr).toContain('db has intentions that drover did not write for shop')
    expect(await consul.call('GET', 'config/service-intentions/db')).toMatchObject(theirs)
    expect(await entries()).toEqual(['api', 'cron', 'db', 'elsewhere', 'web'])
  })

  it('those that `consul config write` loads from the rendered files are the same', async () => {
    const { stdout } = await cli('render')
    for (const [index, text] of stdout.split(/^(?=# Rendered)/m).entries()) {
      const file = join(consul.folder, `entry-${index}.hcl`)
      writeFileSync(file, text)
      execFileSync(consulBinary(), ['config', 'write', file], {
        env: { ...process.env, CONSUL_HTTP_ADDR: consul.address },
      })
    }
    expect(await cli('check')).toMatchObject({ code: 0 })
  })

  it('a stack outside of the mesh has none', async () => {
    writeFileSync(
      join(consul.folder, 'stack.yml'),
      stackOf(WEB).replace('cluster: { isolation: intentions }\n', ''),
    )
    const { code, stderr } = await cli('render')
    expect([code, stderr]).toEqual([2, expect.stringContaining("is not in Consul's mesh")])
  })
})
