import { afterAll, describe, it } from 'vitest'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { PLATFORMS } from './scaler/platforms.ts'
import { type SoakForm, soak } from './scaler/soak.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()

/** The long form takes a quarter of an hour: script/proof runs it. All kinds of workers run side by side. */
const isLong = process.env.DROVER_PROOF === 'long'
const FORM: SoakForm = isLong
  ? {
      forMs: Number(process.env.DROVER_PROOF_MINUTES ?? 15) * 60_000,
      task: [5_000, 40_000],
      gap: [2_000, 90_000],
      burst: [1, 8],
      keepAlive: '10s',
      seed: 1,
    }
  : { forMs: 12_000, task: [300, 2_000], gap: [200, 6_000], burst: [4, 9], keepAlive: '1s', seed: 1 }

describe.skipIf(!cluster.available)(
  'worker_heavy in small, under bursts of tasks',
  { concurrent: true },
  () => {
    afterAll(() => stopJobs(cluster.nomad))

    for (const platform of Object.values(PLATFORMS))
      it.skipIf(platform.missing() !== undefined)(
        `${platform.name}: 0 -> 4 -> 0, every task once, nobody stopped while busy`,
        async ({ expect }) => {
          const result = await soak(cluster, platform, FORM)
          process.stdout.write(`${platform.name}: ${JSON.stringify(result)}\n`)
          expect(result.once).toBe(result.tasks)
          expect(result.startedTwice).toEqual([])
          expect(result.highest).toBe(4)
          expect(result.cycles).toBeGreaterThanOrEqual(1)
          expect(result.stoppedBusy).toEqual([])
          expect(result.badEnds).toEqual([])
        },
        FORM.forMs + 400_000,
      )
  },
)
