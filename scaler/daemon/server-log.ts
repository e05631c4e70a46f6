import type { FastifyBaseLogger } from 'fastify'
import type { Log } from '../../src/log/create-log.ts'

/** The log as the web server wants it: what it says, with the error's own words. */
export function serverLog(log: Log): FastifyBaseLogger {
  const write =
    (level: 'debug' | 'warn' | 'error') =>
    (first: unknown, message?: unknown): void => {
      const { err, url } = (typeof first === 'object' && first !== null ? first : {}) as {
        err?: Error
        url?: string
      }
      const words = String(message ?? (typeof first === 'string' ? first : (err?.message ?? 'the API')))
      log[level](words, {
        ...(url === undefined ? {} : { url }),
        ...(err === undefined ? {} : { error: err.stack }),
      })
    }
  const logger = {
    level: 'info',
    fatal: write('error'),
    error: write('error'),
    warn: write('warn'),
    // Who listens where is said by the daemon.
    info: write('debug'),
    debug: write('debug'),
    trace: () => {},
    silent: () => {},
    child: () => logger,
  }
  return logger as unknown as FastifyBaseLogger
}
