import { DroverError } from '../../errors.ts'

/** What an error says, in one line. A bug is thrown again. */
export function told(error: unknown): string {
  if (!(error instanceof DroverError) || error.code === 'INTERNAL') throw error
  const { message, hint } = error
  return hint === undefined ? message : `${message}. ${hint}`
}
