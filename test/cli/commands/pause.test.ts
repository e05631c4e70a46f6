import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DroverError } from '../../../src/errors.ts'
import { NOW } from '../../scaler/fake-scaler.ts'
import { TOKEN } from '../../scaler/server/a-server.ts'
import { inFolder } from '../in-folder.ts'
import { withScaler } from './scaler.ts'

const scaler = withScaler()
const folder = inFolder()

describe('drover pause and drover resume', () => {
  it.each<[line: string, order: unknown[], says: string]>([
    [
      'pause worker_heavy',
      ['pause', 'worker_heavy', { by: 'anna' }],
      'worker_heavy is paused until it is resumed.\n',
    ],
    [
      'pause worker_heavy --for 30m --reason slow',
      ['pause', 'worker_heavy', { by: 'anna', reason: 'slow', untilMs: NOW + 1_800_000 }],
      'worker_heavy is paused for 30m.\n',
    ],
    ['resume worker_heavy', ['resume', 'worker_heavy', { by: 'anna' }], 'worker_heavy is scaled again.\n'],
    [
      'resume staging/shop/mailer',
      ['resume', 'staging/shop/mailer', { by: 'anna' }],
      'staging/shop/mailer is scaled again.\n',
    ],
  ])('%s', async (line, order, says) => {
    const { code, stdout, stderr } = await scaler.run(line)
    expect([code, stdout, stderr]).toEqual([0, '', says])
    expect(scaler.server.scaler.orders).toEqual([order])
  })

  it('print the group as JSON', async () => {
    const { stdout, stderr } = await scaler.run('pause worker_heavy --json')
    expect(JSON.parse(stdout).group.name).toBe('worker_heavy')
    expect(stderr).toBe('')
  })

  it('take the token from a file', async () => {
    folder.write({ token: `${TOKEN}\n` })
    const env = { DROVER_TOKEN: undefined, DROVER_TOKEN_FILE: join(folder.path, 'token') }
    expect((await scaler.run('pause worker_heavy', { env })).code).toBe(0)
  })

  it.each<
    [what: string, line: string, env: Record<string, string | undefined>, exit: number, message: RegExp]
  >([
    [
      'no token',
      'pause worker_heavy',
      { DROVER_TOKEN: undefined },
      2,
      /an order needs a token\. Set DROVER_TOKEN/,
    ],
    [
      'a wrong token',
      'pause worker_heavy',
      { DROVER_TOKEN: 'wrong-one' },
      6,
      /the token is not that of the scaler/,
    ],
    ['a token of two lines', 'resume worker_heavy', { DROVER_TOKEN: 'a\nb' }, 2, /the token holds blanks/],
    [
      'a file that is not there',
      'pause worker_heavy',
      { DROVER_TOKEN: '', DROVER_TOKEN_FILE: '/nowhere' },
      2,
      /\/nowhere cannot be read \(ENOENT\)/,
    ],
    ['a duration that is none', 'pause worker_heavy --for soon', {}, 2, /--for: "soon" must be a duration/],
    ['no time at all', 'pause worker_heavy --for 0s', {}, 2, /must be longer than nothing/],
    ['an unknown group', 'pause worker_hevy', {}, 2, /Did you mean worker_heavy\?/],
    ['nobody there', 'pause worker_heavy', { DROVER_ADDR: 'http://127.0.0.1:1' }, 5, /does not answer/],
  ])('%s', async (_, line, env, exit, message) => {
    const { code, stderr } = await scaler.run(line, { env })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('wrong-one')
    expect(code).toBe(exit)
    expect(scaler.server.scaler.orders).toEqual([])
  })

  it('another daemon leads', async () => {
    scaler.server.scaler.answer = new DroverError('UNAVAILABLE', 'this daemon does not lead; node-2 does')
    const { code, stderr } = await scaler.run('pause worker_heavy')
    expect([code, stderr]).toEqual([5, 'drover: this daemon does not lead; node-2 does\n'])
  })

  it('the token is no option', async () => {
    const { code, stderr } = await scaler.run('pause worker_heavy --token x')
    expect(code).toBe(2)
    expect(stderr).toContain('--token')
  })

  it('whatever the environment calls the user fits into one line', async () => {
    await scaler.run('pause worker_heavy', { env: { USER: `a\nb${'x'.repeat(200)}` } })
    expect(scaler.server.scaler.orders).toEqual([['pause', 'worker_heavy', { by: `ab${'x'.repeat(98)}` }]])
  })
})
