import { createScaler } from './create-scaler.ts'
import { closeAll } from './daemon/close-all.ts'
import { type DaemonOptions, openLog, settingsOf } from './daemon/daemon-options.ts'
import { createState } from './daemon/daemon-state.ts'
import { createDesk } from './daemon/desk.ts'
import { setupReader } from './daemon/load-setup.ts'
import { openPorts } from './daemon/open-ports.ts'
import { stackPolicies } from './daemon/policy-provider.ts'
import { isBlind } from './daemon/print-once.ts'
import type { GroupReport } from './reports.ts'

/** Looks at every group once, and acts, as the daemon would; gives what it found and did. */
export async function runOnce(options: DaemonOptions): Promise<readonly GroupReport[]> {
  const { clock, dryRun } = options
  const read = setupReader(options.files, options.env)
  const first = read()
  // Only what went wrong: what was decided is the answer.
  const log = { ...openLog(options, { ...first.config.log, level: 'warn' }), setLevel() {} }
  const state = createState(first, read, log)
  const ports = openPorts({ setup: first, stack: () => state.now().stack, clock, dryRun })
  log.hide(ports.secrets)
  const desk = createDesk({ state: state.now, clock, log })
  const scaler = createScaler({
    ...ports,
    clock,
    settings: settingsOf(first, options),
    policies: stackPolicies(() => state.now().stack, state.reload),
    listeners: [desk.listen],
  })
  try {
    await scaler.start()
    const end = clock.now() + ONCE_MS
    do {
      await scaler.once()
      if (!scaler.groups().some(isBlind)) break
      // Celery's workers tell of themselves every two seconds.
      await new Promise((resolve) => setTimeout(resolve, ONCE_AGAIN_MS))
    } while (clock.now() < end && !options.signal.aborted)
    return scaler.groups()
  } finally {
    await closeAll([() => scaler.close(), () => desk.close(0), () => ports.close()], log)
    log.close()
  }
}

const ONCE_MS = 5000
const ONCE_AGAIN_MS = 500
