import { createServer, type RequestListener } from 'node:http'
import { describe, expect, it } from 'vitest'
import { listen } from '../../../scaler/server/listen.ts'
import { freePorts } from '../../helpers/free-port.ts'
import { waitUntil } from '../../helpers/wait-until.ts'
import { HEAVY, MAILER, NOW, READY, reportOf } from '../../scaler/fake-scaler.ts'
import { aListeningServer, aServer } from '../../scaler/server/a-server.ts'
import { cells, withScaler } from './scaler.ts'

const scaler = withScaler()

describe('drover status', () => {
  it('shows groups; a dash is what is not known', async () => {
    const numbers = { desired: 4, live: 3, starting: 1, busy: 2, waiting: 12, active: 2, oldestAgeMs: 48_900 }
    scaler.server.scaler.setGroup(reportOf(HEAVY, { ...numbers, explained: '1 -> 4: 12 waiting need 4' }))
    scaler.server.scaler.setGroup(reportOf(MAILER, { job: 'missing', desired: 0, unknown: 1 }))
    const { code, stdout, stderr } = await scaler.run('status')
    expect(cells(stdout)).toEqual([
      'GROUP|DESIRED|LIVE|STARTING|BUSY|WAITING|ACTIVE|OLDEST|DECISION',
      'worker_heavy|4|3|1|2|12|2|48s|1 -> 4: 12 waiting need 4',
      'staging/shop/mailer|-|1|0|1+1?|-|-|-|-',
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })

  it('shows some groups, by any name', async () => {
    const { stdout } = await scaler.run('status default/worker_heavy/worker_heavy worker_heavy')
    expect(cells(stdout).slice(1)).toEqual(['worker_heavy|1|1|0|1|-|-|-|-'])
  })

  it('says below what is wrong, and exits 0 all the same', async () => {
    const source = {
      status: 'lost',
      since: NOW - 30_000,
      cause: { code: 'timeout', message: 'no answer' },
    } as const
    scaler.server.scaler.setHealth({
      ready: false,
      problems: ['worker_heavy has not been evaluated for 4 s'],
      isLeader: false,
      leader: 'node-2',
      dryRun: true,
      cluster: { status: 'lost', since: NOW - 40_000, heardAt: NOW - 40_000, cause: 'connection refused' },
      sources: { redis: { polls: source, pushes: source } },
    })
    const alert = {
      kind: 'at-max',
      group: 'worker_heavy',
      message: 'worker_heavy is at 4 of 4',
      since: NOW,
    } as const
    scaler.server.scaler.setGroup(
      reportOf(HEAVY, {
        paused: { since: NOW - 60_000, by: 'anna', reason: 'slow database', until: NOW + 600_000 },
        alerts: [alert, { ...alert, message: 'gone', resolvedAt: NOW }],
      }),
    )
    const { code, stderr } = await scaler.run('status')
    expect(stderr.split('\n')).toEqual([
      'The scaler is not ready:',
      '  worker_heavy has not been evaluated for 4 s',
      'This daemon does not lead: node-2 does, and takes orders.',
      'This is a dry run: nothing is changed.',
      'Blind: Nomad is lost for 40s: connection refused',
      'Blind: redis is lost for 30s: no answer',
      'worker_heavy is paused for 60s by anna, for another 10m: slow database',
      'Alert at-max, for 0s: worker_heavy is at 4 of 4',
      '',
    ])
    expect(code).toBe(0)
  })

  it('prints JSON: health and groups as the scaler tells them', async () => {
    const { code, stdout, stderr } = await scaler.run('status --json')
    expect(JSON.parse(stdout)).toEqual({ health: READY, groups: [reportOf(HEAVY), reportOf(MAILER)] })
    expect([code, stderr]).toEqual([0, ''])
  })

  it('prints a block at each change, and none for a change of ages', async () => {
    const abort = new AbortController()
    let printed = ''
    const changed = (desired: number, oldestAgeMs: number) =>
      scaler.server.scaler.setGroup(reportOf(HEAVY, { desired, oldestAgeMs }))
    let reads = 0
    const { groups } = scaler.server.scaler
    scaler.server.scaler.groups = () => {
      reads++
      changed(reads < 3 ? 1 : 2, reads * 1000)
      if (reads === 4) abort.abort()
      return groups()
    }
    const run = scaler.run('status --watch', {
      signal: abort.signal,
      stdout: {
        write(text: string) {
          printed += text
        },
      },
    })
    expect((await run).code).toBe(130)
    expect(printed).not.toContain('\u001b')
    const blocks = printed.split('\n\n').map((block) => cells(block)[1])
    expect(blocks).toEqual(['worker_heavy|1|1|0|1|-|-|1s|-', 'worker_heavy|2|1|0|1|-|-|3s|-'])
  })

  it('is shown again until it is interrupted, also after the scaler was away', async () => {
    const abort = new AbortController()
    const printed = { stdout: [] as string[], stderr: [] as string[] }
    const says = (stream: 'stdout' | 'stderr', what: string) =>
      waitUntil(what, async () => printed[stream].join('').includes(what) || undefined)
    const [port = 0] = await freePorts(1)
    const first = aServer()
    await listen(first.app, { host: '127.0.0.1', port })
    const run = scaler.run('status --watch', {
      env: { DROVER_ADDR: `http://127.0.0.1:${port}` },
      signal: abort.signal,
      stdout: { write: (text: string) => printed.stdout.push(text) },
      stderr: { write: (text: string) => printed.stderr.push(text) },
    })
    await says('stdout', 'worker_heavy')
    await first.app.close()
    await says('stderr', 'trying again')
    const second = aServer({}, [reportOf(HEAVY, { explained: 'back again' })])
    await listen(second.app, { host: '127.0.0.1', port })
    await says('stdout', 'back again')
    abort.abort()
    expect((await run).code).toBe(130)
    await second.app.close()
  })
})

describe('what can be wrong', () => {
  it.each([
    [
      'nobody there',
      {},
      'status --address http://127.0.0.1:1',
      5,
      /the scaler does not answer at http:\/\/127\.0\.0\.1:1: .*DROVER_ADDR/,
    ],
    ['nobody there, when watched', {}, 'status --watch --address http://127.0.0.1:1', 5, /does not answer/],
    ['no address', {}, 'status --address localhost:7646', 2, /must be such as "http:\/\/127\.0\.0\.1:7646"/],
    ['another protocol', { DROVER_ADDR: 'redis://x' }, 'status', 2, /must be such as/],
    ['a secret in the address', {}, 'status --address http://anna:hunter2@x', 2, /must hold no credentials/],
    [
      'an unknown group',
      {},
      'status worker_hevy',
      2,
      /there is no group worker_hevy\. Did you mean worker_heavy\?/,
    ],
  ])('%s', async (_, env, line, exit, message) => {
    const { code, stdout, stderr } = await scaler.run(line, { env })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('hunter2')
    expect([code, stdout]).toEqual([exit, ''])
  })

  it.each<[what: string, listener: RequestListener, message: RegExp]>([
    ['a page', (_, answer) => void answer.end('<html>'), /is not a scaler of this version/],
    [
      'other JSON',
      (_, answer) => void answer.setHeader('content-type', 'application/json').end('{"groups":[{}]}'),
      /is not a scaler/,
    ],
    [
      '404 with a page',
      (_, answer) => void answer.writeHead(404).end('nope'),
      /is not a scaler .*it answered 404/,
    ],
    [
      'a redirect',
      (_, answer) => void answer.writeHead(302, { location: 'http://127.0.0.1:1' }).end(),
      /it answered 302/,
    ],
  ])('something else answers: %s', async (_, listener, message) => {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const bound = server.address()
    const port = typeof bound === 'object' && bound ? bound.port : 0
    const { code, stderr } = await scaler.run(`status --address http://127.0.0.1:${port}`)
    server.close()
    expect(stderr).toMatch(message)
    expect(code).toBe(6)
  })

  it('a bug of the scaler is not one of the command', async () => {
    scaler.server.scaler.groups = () => {
      throw new Error('heap')
    }
    const { code, stderr } = await scaler.run('status')
    expect(stderr).toBe('drover: a bug in Drover; its log says more\n')
    expect(code).toBe(6)
  })

  it('a slash at the end of the address is none', async () => {
    const server = await aListeningServer()
    expect((await scaler.run(`status --address ${server.address}/`)).code).toBe(0)
    await server.app.close()
  })
})
