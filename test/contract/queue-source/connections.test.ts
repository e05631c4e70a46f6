import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  causeOf,
  isChangeOf,
  isReady,
  listen,
  openSource,
  readOne,
  until,
} from '../../helpers/queue-source.ts'
import { freePort, hasRedisServer, type RedisServer, startRedisServer } from '../../helpers/redis-server.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe.skipIf(!hasRedisServer)('the ways to a Redis', () => {
  let folder = ''
  const servers: RedisServer[] = []
  const start = async (args: readonly string[] = [], options = {}) => {
    const server = await startRedisServer({ args, ...options })
    servers.push(server)
    return server
  }
  const cli = (port: number, ...args: string[]) =>
    execFileSync('redis-cli', ['-p', String(port), ...args], { encoding: 'utf8' })

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-ways-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  it('leads through a socket, into a database', async () => {
    const socket = join(folder, 'redis.sock')
    const server = await start(['--unixsocket', socket])
    cli(server.port, '-n', '3', 'RPUSH', 'a', '1')
    const source = openSource('redis-list', `unix://${socket}?db=3`)
    expect(await readOne(source, 'a')).toMatchObject({ waiting: 1 })
    await source.close()
  })

  it('leads through an ACL user with its password in a file; one without rights is told so', async () => {
    const server = await start()
    cli(
      server.port,
      'ACL',
      'SETUSER',
      'reader',
      'on',
      '>s3cret',
      '~*',
      '&*',
      '+@read',
      '+@pubsub',
      '+evalsha',
      '+script',
      '+client',
      '+select',
      '+time',
    )
    cli(server.port, 'ACL', 'SETUSER', 'nobody', 'on', '>s3cret', '~x', '+ping')
    cli(server.port, 'RPUSH', 'bull:a:wait', '1')
    const file = join(folder, 'password')
    writeFileSync(file, 's3cret\n')
    const url = (user: string) => `redis://${user}@127.0.0.1:${server.port}`
    const env = { DROVER_REDIS_PASSWORD_FILE: file }
    const reader = openSource('bullmq', url('reader'), {}, env)
    expect(await readOne(reader, 'a')).toMatchObject({ waiting: 1 })
    const told = listen(reader, ['a'])
    await told.next(isReady)
    const change = told.next(isChangeOf('a'))
    cli(server.port, 'XADD', 'bull:a:events', '*', 'event', 'added')
    await change
    const nobody = openSource('bullmq', url('nobody'), {}, env)
    expect(causeOf(await nobody.sweep(['a']), 'a')?.code).toBe('no-permission')
    await Promise.all([reader.close(), nobody.close()])
  })

  it.skipIf(!hasOpenssl)('leads through TLS to a certificate that is trusted, and to no other', async () => {
    const at = (name: string) => join(folder, name)
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        at('key.pem'),
        '-out',
        at('cert.pem'),
      ],
      { stdio: 'ignore' },
    )
    const tlsPort = await freePort()
    const server = await start([
      '--tls-port',
      String(tlsPort),
      '--tls-cert-file',
      at('cert.pem'),
      '--tls-key-file',
      at('key.pem'),
      '--tls-auth-clients',
      'no',
    ])
    cli(server.port, 'RPUSH', 'a', '1')
    const url = `rediss://127.0.0.1:${tlsPort}`
    const trusting = openSource('redis-list', url, {}, { DROVER_REDIS_CA_FILE: at('cert.pem') })
    expect(await readOne(trusting, 'a')).toMatchObject({ waiting: 1 })
    const wary = openSource('redis-list', url)
    expect(causeOf(await wary.sweep(['a']), 'a')?.code).toBe('tls')
    await Promise.all([trusting.close(), wary.close()])
  })

  it('leads through a sentinel to the new master after a failover', { timeout: 40_000 }, async () => {
    const master = await start()
    const replica = await start(['--replicaof', '127.0.0.1', String(master.port)])
    cli(master.port, 'RPUSH', 'a', '1', '2')
    const file = join(folder, 'sentinel.conf')
    writeFileSync(
      file,
      [
        `sentinel monitor main 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds main 800',
        'sentinel failover-timeout main 3000',
      ].join('\n'),
    )
    const sentinel = await start([], { configuration: file })
    const source = openSource('redis-list', `redis+sentinel://127.0.0.1:${sentinel.port}/main`)
    expect(await readOne(source, 'a')).toMatchObject({ waiting: 2 })
    const told = listen(source, ['a'])
    await told.next(isReady)
    await until(async () => cli(replica.port, 'LLEN', 'a').trim() === '2')
    await until(async () => cli(sentinel.port, 'SENTINEL', 'REPLICAS', 'main').includes(String(replica.port)))
    await master.stop()
    expect(causeOf(await source.sweep(['a']), 'a')).toBeDefined()
    await until(async () => (await source.sweep(['a'])).queues.get('a')?.ok, 30_000)
    expect(await readOne(source, 'a')).toMatchObject({ waiting: 2 })
    await until(async () => source.state().pushes.status === 'ready', 10_000)
    const change = told.next(isChangeOf('a'))
    cli(replica.port, 'RPUSH', 'a', '3')
    await change
    await source.close()
  })
})
