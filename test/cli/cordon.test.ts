import { afterAll, beforeAll, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'
import {
  buildKit,
  ended,
  startProgram,
  startRedis,
  type TestRedis,
  type TestWorker,
} from '../worker/support.ts'

let redis: TestRedis
let worker: TestWorker

beforeAll(async () => {
  redis = await startRedis()
  worker = await startProgram({
    kit: await buildKit(6),
    redis: redis.url,
    options: { queues: ['a'] },
    env: { NOMAD_ALLOC_ID: 'aa11-one' },
  })
})

afterAll(async () => {
  await ended(worker.process, 'SIGKILL')
  await redis.close()
})

const run = (line: string, env: Record<string, string> = { DROVER_REDIS_URL: redis.url }) =>
  runCli(line.split(' '), { env })

it('cordons and lifts, and says what the worker says', async () => {
  const cordoned = await run('cordon aa11 --json')
  expect([cordoned.code, JSON.parse(cordoned.stdout)]).toEqual([
    0,
    [{ worker: 'aa11-one', kind: 'bullmq', state: 'cordoned', busy: 0 }],
  ])
  const lifted = await run('lift aa11-one')
  expect(lifted.code).toBe(0)
  expect(lifted.stdout).toMatch(/^aa11-one +bullmq +taking +0/m)
})

it('takes the address from --redis', async () => {
  expect((await run(`cordon aa11 --redis ${redis.url}`, {})).code).toBe(0)
  expect((await run(`lift aa11 --redis ${redis.url}`, {})).code).toBe(0)
})

it.each([
  [
    'a worker that nobody is',
    'cordon bb22 --timeout 200ms',
    5,
    /bb22 +- +unknown +- +no worker answers to this name/,
  ],
  ['a worker that is stopped', 'cordon aa11 --timeout 300ms', 5, /aa11-one +bullmq +unknown/],
])('%s is unknown', async (what, line, exit, message) => {
  if (what.includes('stopped')) worker.process.kill('SIGSTOP')
  const { code, stdout } = await run(line)
  worker.process.kill('SIGCONT')
  expect(stdout).toMatch(message)
  expect(code).toBe(exit)
})

it('says when it is not known where Redis is, or when it does not answer', async () => {
  expect(await run('cordon aa11', {})).toMatchObject({ code: 2, stderr: expect.stringMatching(/--redis/) })
  expect(await run('cordon aa11 --redis redis://127.0.0.1:1', {})).toMatchObject({
    code: 5,
    stderr: expect.stringMatching(/Redis does not answer/),
  })
})
