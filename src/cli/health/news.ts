import type { HealthReport } from '../../core/health/report.ts'
import { lineInWords, unseenInWords } from './show-health.ts'

/** Gives the lines of a report that say something else than before: a state or a cause, not a time that goes on. */
export function createNews(): (report: HealthReport) => string[] {
  let before = new Map<string, string>()
  return (report) => {
    const now = new Map<string, string>()
    const tell = (key: string, fact: string, line: string): string[] => {
      now.set(key, fact)
      return before.get(key) === fact ? [] : [line]
    }
    const lines = [
      ...report.lines.flatMap((line) =>
        tell(`line ${line.name}`, withoutTimes(lineInWords(line)), lineInWords(line)),
      ),
      ...unseenInWords(report).flatMap((text) => tell(`source ${text}`, text, text)),
    ]
    before = now
    return lines
  }
}

function withoutTimes(text: string): string {
  return text.replaceAll(/\d+ (?:s|min|h|d)\b/g, '')
}
