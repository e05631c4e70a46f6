import type { FastifyReply } from 'fastify'
import type { SandboxClock } from './clock.ts'

/** What can be wrong with any emulated server; empty: nothing. */
export interface HttpFaults {
  /** Added to every answer, milliseconds. */
  readonly latencyMs?: number
  /** Answered to every request that `only` fits, in place of what was asked for. */
  readonly error?: { readonly status: number; readonly body: string; readonly only?: RegExp }
  /** What needs a leader is answered by 500 "No cluster leader" after this many milliseconds. */
  readonly noLeader?: { readonly afterMs: number }
  /** Requests that fit are never answered. */
  readonly hang?: RegExp
}

/** What is switched on goes before everything else: for a hook that comes first. */
export async function applyFaults(
  { latencyMs, error, noLeader, hang }: HttpFaults,
  clock: SandboxClock,
  reply: FastifyReply,
  withoutLeader: (method: string, url: string) => 'fails' | 'waits' | 'works',
): Promise<FastifyReply | undefined> {
  const { url, method } = reply.request
  const fail = (status: number, body: string): FastifyReply =>
    reply.code(status).header('Content-Type', 'text/plain; charset=utf-8').send(body)
  if (latencyMs) await pause(clock, latencyMs)
  // A request that hangs is held until its client or the emulator closes the connection.
  if (hang?.test(url)) await new Promise<void>((resolve) => reply.raw.once('close', resolve))
  if (error && (error.only?.test(url) ?? true)) return fail(error.status, error.body)
  const outcome = noLeader ? withoutLeader(method, url) : 'works'
  if (noLeader && outcome !== 'works') await pause(clock, noLeader.afterMs)
  return outcome === 'fails' ? fail(500, 'No cluster leader') : undefined
}

function pause(clock: SandboxClock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
