import type { FastifyInstance } from 'fastify'
import type { ListenAddress } from '../../src/config/listen.ts'
import { DroverError } from '../../src/errors.ts'

/** Serves at an address and gives it as a URL. Throws UNAVAILABLE when it cannot be had. */
export async function listen(app: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const why = WHY[code]
    if (why === undefined) throw cause
    throw new DroverError('UNAVAILABLE', `the API cannot be served at ${host}:${port}: ${why}`, {
      hint: '--listen HOST:PORT serves it elsewhere.',
      cause,
    })
  }
  const bound = app.server.address()
  const actual = typeof bound === 'object' && bound ? bound.port : port
  return `http://${host.includes(':') ? `[${host}]` : host}:${actual}`
}

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process has this address',
  EADDRNOTAVAIL: 'this machine does not have this address',
  EACCES: 'this port needs more rights than the process has',
  ENOTFOUND: 'there is no host of this name',
}
