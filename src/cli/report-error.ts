import { DroverError, ERROR_CODES } from '../errors.ts'
import type { Output } from './output.ts'
import { stableJson } from './stable-json.ts'
import { VERSION } from './version.ts'

const REPORT_IT = `This is a bug in Drover ${VERSION}. Please report it with the lines above.`

/** Tells the user of an error and returns the exit code. Only a bug shows its stack. */
export function reportError(error: unknown, output: Output, json: boolean): number {
  if (error instanceof DroverError && error.code !== 'INTERNAL') reportExpected(error, output, json)
  else reportBug(error, output, json)
  return ERROR_CODES[error instanceof DroverError ? error.code : 'INTERNAL'].exit
}

function reportExpected({ code, message, issues, hint }: DroverError, output: Output, json: boolean): void {
  if (json) {
    output.words(`${stableJson({ code, message, issues, hint })}\n`)
    return
  }
  const { bold, red } = output.wordColors
  const sentence = hint === undefined ? message : `${message}${/[.!?]$/.test(message) ? '' : '.'} ${hint}`
  output.words(`${bold(red('drover:'))} ${sentence}\n`)
  output.printIssues(issues)
}

function reportBug(error: unknown, output: Output, json: boolean): void {
  const message = error instanceof Error ? error.message : String(error)
  const stack = (error instanceof Error && error.stack) || message
  if (json) output.words(`${stableJson({ code: 'INTERNAL', message, issues: [], hint: REPORT_IT, stack })}\n`)
  else output.words(`drover: internal error: ${stack}\n${REPORT_IT}\n`)
}
