import type { FastifyInstance } from 'fastify'
import { createScaler } from '../../../scaler/create-scaler.ts'
import { closeAll } from '../../../scaler/daemon/close-all.ts'
import { openConsulReport } from '../../../scaler/daemon/consul-report.ts'
import { createState } from '../../../scaler/daemon/daemon-state.ts'
import { createDesk } from '../../../scaler/daemon/desk.ts'
import { everyMinute } from '../../../scaler/daemon/every-minute.ts'
import { setupReader } from '../../../scaler/daemon/load-setup.ts'
import { openNomad } from '../../../scaler/daemon/open-nomad.ts'
import { openPlatformHealth } from '../../../scaler/daemon/platform-health.ts'
import { stackPolicies } from '../../../scaler/daemon/policy-provider.ts'
import { serverLog } from '../../../scaler/daemon/server-log.ts'
import { openHistory } from '../../../scaler/history/open-history.ts'
import { createMetrics } from '../../../scaler/metrics/create-metrics.ts'
import type { Scaler, ScalerEvent } from '../../../scaler/reports.ts'
import { buildServer } from '../../../scaler/server/build-server.ts'
import { listen } from '../../../scaler/server/listen.ts'
import type { Stack } from '../../core/stack/stack.ts'
import { DroverError } from '../../errors.ts'
import { createLog } from '../../log/create-log.ts'
import type { Clock, QueueSource } from '../../ports.ts'
import type { Context } from '../context.ts'
import { resolvePath } from '../stack-options.ts'
import { VERSION } from '../version.ts'

export interface DemoScaler {
  readonly scaler: Scaler
  /** Of its API and dashboard. */
  readonly url: string
  close(): Promise<void>
}

export interface DemoScalerOptions {
  readonly stack: string
  /** Lays `stack.<environment>.yml` over it. */
  readonly environment: string | undefined
  /** Where Nomad and Consul are, by the variables of their own command lines. */
  readonly env: Readonly<Record<string, string>>
  /** Under the name of the stack's broker. */
  readonly source: QueueSource
  /** 0 for any that is free. */
  readonly port: number
  /** What the API asks of those who give orders. */
  readonly token: string
  readonly onEvent: (event: ScalerEvent) => void
}

/** The scaler daemon within this process, so that it can read queues that no other process can. */
export async function startDemoScaler(options: DemoScalerOptions, context: Context): Promise<DemoScaler> {
  const clock: Clock = { now: context.now }
  // Only what went wrong: what was decided is told by the demo itself.
  const stream = { write: context.output.words }
  const log = { ...createLog({ level: 'error', format: 'text', stream, now: clock.now }), setLevel() {} }
  const files = { stack: resolvePath(context, options.stack), environment: options.environment }
  const read = setupReader(files, { ...options.env, DROVER_TOKEN: options.token })
  const first = read()
  const state = createState(first, read, log)
  const stack = (): Stack => state.now().stack
  const closing: (() => unknown)[] = [() => log.close()]
  const close = (): Promise<void> => closeAll(closing.splice(0).reverse(), log)
  try {
    const history = await openHistory({ ...HISTORY, clock, warn: (message) => log.warn(message) })
    const desk = createDesk({ state: state.now, clock, log, history })
    closing.push(
      () => history.close(),
      () => desk.close(0),
    )
    const { intervalMs } = first.stack.scaling
    const { close: closeNomad, ...nomad } = openNomad({ env: options.env, stack, clock })
    closing.push(closeNomad, () => options.source.close())
    const engine = createScaler({
      ...nomad,
      sources: new Map([[first.stack.broker?.software ?? 'queues', options.source]]),
      clock,
      settings: { name: 'demo', intervalMs, staleAfterMs: STALE_AFTER_MS, dryRun: false },
      policies: stackPolicies(stack, state.reload),
      listeners: [desk.listen],
    })
    closing.push(() => engine.close())
    const scaler = desk.attach(engine)
    scaler.subscribe(options.onEvent)
    const metrics = createMetrics(scaler)
    scaler.subscribe(metrics.listen)
    const health = openPlatformHealth(stack, options.env, clock)
    closing.push(() => health.close())
    const app = buildServer({
      ...{ scaler, history, metrics, clock, stack, version: VERSION, token: options.token },
      log: serverLog(log),
      health: health.read,
    })
    closing.push(() => app.close())
    const url = await listenNear(app, options.port)
    const consul = openConsulReport({
      ...{ scaler, stack, env: options.env, clock, version: VERSION, url, intervalMs, log },
    })
    closing.push(() => consul?.close())
    closing.push(everyMinute(clock, () => history.record(scaler.groups(), clock.now())))
    await engine.start()
    return { scaler, url, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** At any free port where this one is taken: by a scaler that is not a demo's, most likely. */
async function listenNear(app: FastifyInstance, port: number): Promise<string> {
  try {
    return await listen(app, { host: '127.0.0.1', port })
  } catch (error) {
    if (port === 0 || !(error instanceof DroverError)) throw error
    return listen(app, { host: '127.0.0.1', port: 0 })
  }
}

const HISTORY = { maxBytes: 16 * 1024 * 1024, keepMs: 86_400_000 }
/** On a machine that does much else, a reading may take a while. */
const STALE_AFTER_MS = 10_000
