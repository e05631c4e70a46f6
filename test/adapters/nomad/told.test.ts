import { describe, expect, it } from 'vitest'
import { NomadError } from '../../../src/adapters/nomad/failure.ts'
import { told } from '../../../src/adapters/nomad/told.ts'
import { DroverError } from '../../../src/errors.ts'

describe('told()', () => {
  it.each([
    [{ refusal: 'unreachable', message: 'away', mayBeDone: false }, 'UNAVAILABLE', 'away'],
    [
      { refusal: 'no-leader', message: 'No cluster leader', status: 500, mayBeDone: false },
      'UNAVAILABLE',
      'No cluster leader',
    ],
    [
      { refusal: 'forbidden', message: 'no', status: 403, mayBeDone: false },
      'REJECTED',
      'Nomad answered 403: no',
    ],
    [{ refusal: 'invalid', message: 'not Nomad', mayBeDone: false }, 'REJECTED', 'not Nomad'],
  ] as const)('%o', async (failure, code, message) => {
    await expect(told(Promise.reject(new NomadError(failure)))).rejects.toMatchObject({ code, message })
  })

  it('lets everything else through', async () => {
    await expect(told(Promise.resolve(3))).resolves.toBe(3)
    await expect(told(Promise.reject(new DroverError('USAGE', 'x')))).rejects.toMatchObject({ code: 'USAGE' })
    await expect(told(Promise.reject(new TypeError('bug')))).rejects.toThrow(TypeError)
  })
})
