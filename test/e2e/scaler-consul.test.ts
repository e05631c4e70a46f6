import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { PLATFORMS, stackOf } from './scaler/platforms.ts'
import { type Rig, type ScalerProcess, startRig } from './scaler/rig.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
const platform = PLATFORMS.raw_exec

interface Entry {
  readonly Checks: readonly { readonly Name: string; readonly Status: string; readonly Output: string }[]
}

describe.skipIf(!cluster.available)('the scaler in Consul', () => {
  let rig: Rig
  let scaler: ScalerProcess

  beforeAll(async () => {
    const worker = await platform.prepare(cluster)
    rig = await startRig({
      nomad: cluster.nomad,
      folder: join(cluster.folder, 'scaler-consul'),
      env: { CONSUL_HTTP_ADDR: cluster.consul },
      stack: (redis) => stackOf(platform, worker(redis), { keep_alive: '1s', start_up: '2s' }),
    })
    await rig.drover(['up', 'heavy'])
    scaler = await rig.scaler()
  })

  afterAll(async () => {
    // While their Redis is there: a worker that lost it would wait for it.
    await stopJobs(cluster.nomad)
    await rig?.close()
  })

  const checksOf = async (service: string): Promise<Entry['Checks']> => {
    const entries = (await (await fetch(`${cluster.consul}/v1/health/service/${service}`)).json()) as Entry[]
    return entries.flatMap(({ Checks }) => Checks)
  }

  it('registers its worker group and itself, and both pass', async () => {
    for (const service of ['heavy-group', 'drover-scaler'])
      await waitUntil(`${service} passes`, async () => {
        const checks = await checksOf(service)
        return (checks.length > 0 && checks.every(({ Status }) => Status === 'passing')) || undefined
      })
  })

  it('shows work in words while it is done, with the live numbers in KV', async () => {
    await platform.enqueue(rig.redis, [4000, 4000, 4000])
    const numbers = await waitUntil('busy workers in KV', async () => {
      const text = await (await fetch(`${cluster.consul}/v1/kv/drover/proof-heavy/groups/heavy?raw`)).text()
      const value = JSON.parse(text) as { busy?: number }
      return (value.busy ?? 0) > 0 ? value : undefined
    })
    expect(numbers).toMatchObject({ busy: expect.any(Number) })
  })

  it('takes itself out when it ends', async () => {
    expect((await scaler.stop()).code).toBe(0)
    expect(await checksOf('drover-scaler')).toEqual([])
  })
})
