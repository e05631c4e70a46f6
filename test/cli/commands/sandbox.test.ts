import { expect, it } from 'vitest'
import { runCli } from '../../helpers/run-cli.ts'

it.each([
  [['--speed', '0'], '--speed is a number above 0, not 0'],
  [['--speed', '-1'], '--speed is a number above 0, not -1'],
  [['--speed', 'fast'], '--speed'],
  [['--once'], '--once goes with --demo'],
  [['--port', 'x'], '--port'],
])('drover sandbox %j is refused before anything is started', async (args, words) => {
  const { code, stderr } = await runCli(['sandbox', ...args], {})
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
})
