import { expect, it } from 'vitest'
import { createLog } from '../../src/log/create-log.ts'
import { createScrubber } from '../../src/log/scrub.ts'

it.each([
  ['redis://:hunter2@host:6379/1', 'redis://***@host:6379/1'],
  ['rediss://me:hunter2@host', 'rediss://***@host'],
  ['at "https://me:hun@ter2@host/x" and', 'at "https://***@host/x" and'],
  ['{"nomadToken":"hunter2 \\" 3","a":1}', '{"nomadToken":"***","a":1}'],
  ['unix:///run/redis.sock?password=hunter2&db=1', 'unix:///run/redis.sock?password=***&db=1'],
  ['X-Nomad-Token: hunter2, next', 'X-Nomad-Token: ***, next'],
  ['Authorization: Bearer hunter2', 'Authorization: Bearer ***'],
])('takes the secret out of %s', (text, clean) => {
  expect(createScrubber().scrub(text)).toBe(clean)
})

it.each([
  'the token: it is expired',
  'token_file: /etc/drover/token',
  '{"isToken":true,"tokens":5}',
  'worker_heavy@5f1c: redis://host:6379/1',
  'https://host/a@b',
])('leaves %s alone', (text) => {
  expect(createScrubber().scrub(text)).toBe(text)
})

it('hides what it was told, in every form', () => {
  const scrubber = createScrubber()
  scrubber.hide(['a"b/c d', 'xyz'])
  expect(scrubber.scrub('a"b/c d; a\\"b/c d; a%22b%2Fc%20d; xyz')).toBe('***; ***; ***; xyz')
})

it('scrubs whole lines of the log: messages, fields, and text on a terminal', () => {
  for (const format of ['json', 'text'] as const) {
    let written = ''
    const stream = { write: (text: string) => (written += text) }
    const log = createLog({ level: 'info', format, stream, now: () => 0 })
    log.hide(['0a1b2c3d'])
    log.error('at redis://:hunter2@host: 0a1b2c3d', {
      token: 'hunter2',
      deep: { url: 'redis://x:hunter2@h', words: ['0a1b2c3d'], password: 'hunter2' },
    })
    expect(written).not.toMatch(/hunter2|0a1b2c3d/)
    expect(written).toContain('***')
  }
})
