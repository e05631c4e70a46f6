import { createConsulClient } from '../../consul/client.ts'
import { consulSettings } from '../../consul/settings.ts'
import { readPlatform } from '../../src/adapters/health/read-platform.ts'
import { nomadClient } from '../../src/adapters/nomad/client.ts'
import { chooseSubjects } from '../../src/core/health/choose-subjects.ts'
import type { HealthReport } from '../../src/core/health/report.ts'
import { reportHealth } from '../../src/core/health/report-health.ts'
import { type TrackedChecks, trackChecks } from '../../src/core/health/track-checks.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import type { Clock } from '../../src/ports.ts'
import type { Environment } from './environment.ts'

const FRESH_MS = 3000
const WITHIN_MS = 5000

export interface PlatformHealth {
  /** Not older than three seconds, however many ask. */
  read(): Promise<HealthReport & { readonly at: number }>
  close(): void
}

/** How the parts of the stack are, as Nomad and Consul tell it when somebody looks. Throws USAGE for wrong settings. */
export function openPlatformHealth(stack: () => Stack, env: Environment, clock: Clock): PlatformHealth {
  const nomad = nomadClient(env)
  const consul = createConsulClient(consulSettings(env))
  let tracked: TrackedChecks = new Map()
  let last: { readonly asked: number; readonly report: ReturnType<PlatformHealth['read']> } | undefined

  const ask = async (): ReturnType<PlatformHealth['read']> => {
    const signal = AbortSignal.timeout(WITHIN_MS)
    const reading = await readPlatform(stack(), { nomad, consul, now: clock.now, signal })
    const { at } = reading
    const subjects = chooseSubjects(stack(), [], [])
    if (!('value' in reading.consul)) return { ...reportHealth(subjects, reading), at }
    const seen = trackChecks(tracked, reading.consul.value, at)
    tracked = seen.tracked
    return { ...reportHealth(subjects, { ...reading, consul: { value: seen.reading } }), at }
  }
  return {
    read() {
      const now = clock.now()
      if (last === undefined || now - last.asked >= FRESH_MS || now < last.asked)
        last = { asked: now, report: ask() }
      return last.report
    },
    close() {
      nomad.close()
      consul.close()
    },
  }
}
