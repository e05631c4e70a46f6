import type { FastifyInstance } from 'fastify'
import { createMetrics } from '../../../scaler/metrics/create-metrics.ts'
import type { GroupReport, History } from '../../../scaler/reports.ts'
import { buildServer } from '../../../scaler/server/build-server.ts'
import type { ServerDeps } from '../../../scaler/server/deps.ts'
import { listen } from '../../../scaler/server/listen.ts'
import { type FakeScaler, fakeHistory, fakeScaler, NOW } from '../fake-scaler.ts'

export const TOKEN = 'a-token-of-the-test'

export interface AServer {
  readonly app: FastifyInstance
  readonly scaler: FakeScaler
  readonly history: History
}

/** The server over a scaler that only says what it is told, with a clock that stands still. */
export function aServer(changes: Partial<ServerDeps> = {}, reports?: readonly GroupReport[]): AServer {
  const scaler = fakeScaler(reports)
  const history = fakeHistory()
  const metrics = createMetrics(scaler)
  scaler.subscribe(history.add)
  scaler.subscribe(metrics.listen)
  const deps = { scaler, history, metrics, clock: { now: () => NOW }, version: '1.2.3', token: TOKEN }
  return { app: buildServer({ ...deps, ...changes }), scaler, history }
}

/** The same on a port of its own. */
export async function aListeningServer(
  changes: Partial<ServerDeps> = {},
): Promise<AServer & { readonly address: string; readonly port: number }> {
  const server = aServer(changes)
  const address = await listen(server.app, { host: '127.0.0.1', port: 0 })
  return { ...server, address, port: Number(new URL(address).port) }
}
