import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ConsulEmulator,
  followAllocations,
  type NomadEmulator,
  platformRunner,
  realClock,
  startConsulEmulator,
  startNomadEmulator,
} from '../../src/sandbox/index.ts'
import { runCli } from '../helpers/run-cli.ts'
import { waitUntil } from '../helpers/wait-until.ts'

const ROOT = new URL('../..', import.meta.url).pathname
let nomad: NomadEmulator
let consul: ConsulEmulator

beforeAll(async () => {
  const clock = realClock()
  consul = await startConsulEmulator()
  nomad = await startNomadEmulator({ runner: platformRunner({ clock, startUpMs: () => 20, runMs: 20 }) })
  followAllocations(nomad, consul)
})
afterAll(async () => {
  await nomad.close()
  await consul.close()
})

const drover = async (line: string) => {
  const env = { NOMAD_ADDR: nomad.address, CONSUL_HTTP_ADDR: consul.address }
  return runCli(line.split(' '), { cwd: ROOT, env })
}
const json = async <T>(line: string) => JSON.parse((await drover(`${line} --json`)).stdout) as T

describe("Drover's commands on the sandbox", () => {
  it('up registers the reference stack, and then finds nothing to do', async () => {
    const first = await drover('up')
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('27 jobs: 27 registered')])
    const again = await drover('up')
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('27 jobs: 27 unchanged')])
  })

  it('health finds all of it healthy, but what only a scaler can tell', async () => {
    await drover('consul sync')
    const well = await waitUntil('all is well', async () => {
      const { lines } = await json<{ lines?: { name: string; state: string; kind: string }[] }>(
        'health',
      ).catch(() => ({ lines: undefined }))
      const bad = lines?.filter(
        ({ state, kind }) => state !== 'healthy' && kind !== 'worker' && kind !== 'scaler',
      )
      return bad?.length === 0 ? lines : undefined
    })
    expect(well.length).toBeGreaterThan(27)
  })

  it('consul sync and intentions apply do what they say, once', async () => {
    expect(await json('consul sync')).toMatchObject({ changes: [], unchanged: 5 })
    const first = await drover('consul intentions apply --env intentions')
    expect(first.code).toBe(0)
    const again = await drover('consul intentions check --env intentions')
    expect([again.code, again.stdout + again.stderr]).toEqual([
      0,
      expect.stringMatching(/0 (changes|written)|unchanged/),
    ])
  })
})
