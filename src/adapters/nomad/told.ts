import { DroverError } from '../../errors.ts'
import type { Refusal } from '../../ports.ts'
import { NomadError } from './failure.ts'

const AWAY: readonly Refusal[] = ['unreachable', 'timeout', 'no-leader', 'rate-limited', 'server-error']

/** For commands: a failed call as the error that ends them, UNAVAILABLE or REJECTED, with Nomad's words. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (!(cause instanceof NomadError)) throw cause
    const { refusal, message, status } = cause.failure
    if (AWAY.includes(refusal))
      throw new DroverError('UNAVAILABLE', message, { hint: 'NOMAD_ADDR says where Nomad is.', cause })
    throw new DroverError(
      'REJECTED',
      status === undefined ? message : `Nomad answered ${status}: ${message}`,
      {
        cause,
      },
    )
  }
}
