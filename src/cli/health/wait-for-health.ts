import { isHealthy } from '../../core/health/report.ts'
import { toNomadDuration } from '../../core/units.ts'
import { ERROR_CODES } from '../../errors.ts'
import type { Context } from '../context.ts'
import { pause } from '../pause.ts'
import { createNews } from './news.ts'
import { showHealth } from './show-health.ts'
import type { ReadHealth } from './watch-health.ts'

const ASK_MS = 1000

/** Says what changes until all is healthy, or the time is over; then shows all of it. Gives the exit code. */
export async function waitForHealth(read: ReadHealth, timeoutMs: number, context: Context): Promise<number> {
  const { output, signal } = context
  const start = performance.now()
  const news = createNews()
  for (;;) {
    const report = await read()
    if (signal.aborted) return 0
    const isWell = isHealthy(report)
    const left = timeoutMs - (performance.now() - start)
    if (isWell || left <= 0) {
      await showHealth(report, context)
      if (!isWell) output.say(`not all is healthy after ${toNomadDuration(timeoutMs)}`)
      return isWell ? 0 : ERROR_CODES.UNAVAILABLE.exit
    }
    for (const line of news(report)) output.say(line)
    await pause(Math.min(ASK_MS, left), signal)
  }
}
