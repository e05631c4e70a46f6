import { isLoopback } from '../src/config/listen.ts'
import { formatIssue } from '../src/core/issue.ts'
import { DroverError } from '../src/errors.ts'
import type { Log } from '../src/log/create-log.ts'
import { createScaler } from './create-scaler.ts'
import { type Closing, closeAll } from './daemon/close-all.ts'
import { openConsulReport } from './daemon/consul-report.ts'
import { type DaemonOptions, intervalOf, openLog, settingsOf } from './daemon/daemon-options.ts'
import { createState } from './daemon/daemon-state.ts'
import { createDesk } from './daemon/desk.ts'
import { defaultHistoryFolder } from './daemon/environment.ts'
import { everyMinute } from './daemon/every-minute.ts'
import { setupReader } from './daemon/load-setup.ts'
import { openPorts } from './daemon/open-ports.ts'
import { openPlatformHealth } from './daemon/platform-health.ts'
import { stackPolicies } from './daemon/policy-provider.ts'
import { processEnds } from './daemon/process-ends.ts'
import { serverLog } from './daemon/server-log.ts'
import { watchFiles } from './daemon/watch-files.ts'
import { openHistory } from './history/open-history.ts'
import { createMetrics } from './metrics/create-metrics.ts'
import { buildServer } from './server/build-server.ts'
import { listen } from './server/listen.ts'

const WEBHOOK_CLOSE_MS = 1000

/** Runs until it is told to stop. Throws USAGE, CONFIG_INVALID, STACK_INVALID and UNAVAILABLE before it has begun. */
export async function runDaemon(options: DaemonOptions): Promise<void> {
  const { clock, dryRun, version, process, signal } = options
  const seen: string[] = []
  let onFile = (file: string): void => void seen.push(file)
  const read = setupReader(options.files, options.env, (file) => onFile(file))
  const first = read()
  const log = openLog(options, first.config.log)
  const watch = watchFiles(
    () => void reload('a file has changed'),
    (error) => log.warn(`files are not watched any more: ${(error as Error).message}`),
  )
  onFile = watch.add
  seen.forEach(watch.add)
  const parts: Closing[] = [() => watch.close()]
  const closing = (part: Closing) => void parts.unshift(part)
  let reload = async (_: string): Promise<void> => {}
  const ends = processEnds(process, log, signal, () => void reload('SIGHUP'))
  try {
    const state = createState(first, read, log)
    const ports = openPorts({ setup: first, stack: () => state.now().stack, clock, dryRun })
    closing(() => ports.close())
    log.hide(ports.secrets)
    const { config, stack } = first
    const folder = config.history.path ?? defaultHistoryFolder(stack.name, options.env)
    const { maxBytes, keepMs } = config.history
    const history = await openHistory({
      ...(folder === undefined ? {} : { folder }),
      maxBytes,
      keepMs,
      clock,
      warn: (message) => log.warn(message),
    })
    closing(() => history.close())

    const desk = createDesk({ state: state.now, clock, log, history })
    closing(() => desk.close(WEBHOOK_CLOSE_MS))
    const engine = createScaler({
      ...ports,
      clock,
      settings: settingsOf(first, options),
      policies: stackPolicies(() => state.now().stack, state.reload),
      listeners: [desk.listen],
    })
    closing(() => engine.close())
    const scaler = desk.attach(engine)
    reload = async (why) => {
      try {
        await scaler.reload()
        log.info(`read again: ${why}`)
      } catch (error) {
        tellFault(log, error)
      }
    }

    const metrics = createMetrics(scaler)
    scaler.subscribe(metrics.listen)
    const health = openPlatformHealth(() => state.now().stack, first.env, clock)
    closing(() => health.close())
    const { token } = first
    const app = buildServer({
      scaler,
      history,
      metrics,
      clock,
      version,
      log: serverLog(log),
      stack: () => state.now().stack,
      health: health.read,
      ...(token === undefined ? {} : { token }),
    })
    const address = options.listen ?? config.listen
    // Together: who still reads the API does not keep another daemon from leading.
    closing(() => Promise.all([app.close(), engine.close()]))
    const url = await listen(app, address)
    log.info(`drover ${version}: the API is at ${url}${dryRun ? ', dry run: nothing is changed' : ''}`)
    if (token === undefined) log.info('no token is set: the API takes no orders')
    if (token === undefined && !isLoopback(address))
      log.warn(
        `everybody who reaches ${address.host} can read the API: there is no token, and it is not only this machine`,
      )

    const consul = dryRun
      ? undefined
      : openConsulReport({
          scaler,
          stack: () => state.now().stack,
          env: first.env,
          clock,
          version,
          url,
          intervalMs: intervalOf(first),
          log,
        })
    closing(() => consul?.close())
    closing(everyMinute(clock, () => history.record(scaler.groups(), clock.now())))
    await Promise.race([engine.start(), ends.stopped])
    log.info(`${await ends.stopped}: ends what is under way, and lets another lead`)
  } finally {
    await closeAll(parts, log)
    ends.close()
    log.close()
  }
}

/** What the event of a failed reload does not say: one line for each problem, as the commands print them. */
function tellFault(log: Log, error: unknown): void {
  if (!(error instanceof DroverError)) log.error(`a bug in Drover: ${(error as Error)?.stack ?? error}`)
  else if (error.issues.length > 0) for (const issue of error.issues) log.error(formatIssue(issue))
  else if (error.hint !== undefined) log.error(error.hint)
}
