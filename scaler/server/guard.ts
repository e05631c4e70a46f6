import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { fault } from './fault.ts'

/**
 * Lets orders pass that carry the token: `Authorization: Bearer TOKEN`. Without a token none does. How long the
 * comparison takes tells nothing of the token.
 */
export function createGuard(token: string | undefined): (request: FastifyRequest) => void {
  const expected = token ? digest(token) : undefined
  return ({ headers }) => {
    if (expected === undefined)
      throw fault(403, 'REJECTED', 'this scaler takes no orders', {
        hint: 'Orders are off until it has a token: set token_file in its configuration, or DROVER_TOKEN_FILE.',
      })
    const [, given] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? []
    if (given === undefined)
      throw fault(401, 'REJECTED', 'an order needs the token of the scaler', {
        hint: 'Send it as Authorization: Bearer TOKEN; drover takes it from DROVER_TOKEN or DROVER_TOKEN_FILE.',
      })
    if (!timingSafeEqual(digest(given), expected))
      throw fault(401, 'REJECTED', 'the token is not that of the scaler', {
        hint: 'DROVER_TOKEN and DROVER_TOKEN_FILE are where drover takes it from.',
      })
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
