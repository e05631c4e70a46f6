import { type HealthReport, isHealthy } from '../../core/health/report.ts'
import type { Context } from '../context.ts'
import { pause } from '../pause.ts'
import { stableJson } from '../stable-json.ts'
import { createNews } from './news.ts'
import { showHealth } from './show-health.ts'

export type ReadHealth = () => Promise<HealthReport>

const WATCH_MS = 2000

/** Shows it again and again until the user interrupts: on a terminal all of it, elsewhere what has changed. */
export async function watchHealth(read: ReadHealth, context: Context): Promise<number> {
  const { output, json, signal } = context
  const news = createNews()
  while (!signal.aborted) {
    const report = await read()
    if (signal.aborted) break
    if (json) output.data(`${stableJson({ healthy: isHealthy(report), ...report })}\n`)
    else if (output.isTerminal) {
      // From the top of the screen, which is what a terminal that is watched shows.
      output.data('\u001b[H\u001b[2J')
      await showHealth(report, context)
    } else
      output.data(
        news(report)
          .map((line) => `${line}\n`)
          .join(''),
      )
    await pause(WATCH_MS, signal)
  }
  return 0
}
