import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildImage } from '../helpers/docker.ts'
import { stopJobs } from '../helpers/stop-jobs.ts'
import { waitUntil } from '../helpers/wait-until.ts'
import { redisImage } from './images.ts'
import { type Allocation, type ApiJob, callNomad, parseJob } from './nomad-api.ts'
import {
  createNetworks,
  createVolumes,
  findSecrets,
  putSecrets,
  removeDockerVolumes,
  renameDockerVolumes,
  tasksOf,
} from './prepare.ts'
import { askRedis } from './redis-client.ts'
import { renderReference } from './reference.ts'
import { useCluster } from './use-cluster.ts'

const cluster = useCluster()
/** With everything that can go wrong between a variable, a template, an environment and a command line. */
const PASSWORD = 'p4$$ w"o\'r\\d #1 ${HOME} {{x}} %{y}'

interface CheckedService {
  readonly Service: { readonly Address: string; readonly Port: number }
  readonly Checks: readonly { readonly Name: string; readonly Status: string; readonly Output: string }[]
}

describe.skipIf(!cluster.available)('redis, from the rendered job', () => {
  const { nomad, consul, docker, folder } = cluster
  const prefix = basename(folder)
  let job: ApiJob
  let service: CheckedService

  beforeAll(async () => {
    const { jobs, volumes } = await renderReference()
    const rendered = jobs.find(({ name, environment }) => name === 'redis' && environment === 'base')
    job = renameDockerVolumes(await parseJob(nomad, rendered?.hcl ?? ''), prefix)
    const images = tasksOf(job).map(({ Config }) => String(Config?.image))
    for (const image of new Set(images)) await buildImage(docker, image, redisImage, folder)
    await createNetworks(cluster, job)
    await createVolumes(cluster, volumes)
    await callNomad(nomad, 'jobs', { Job: job })
  })

  afterAll(async () => {
    await stopJobs(nomad)
    await removeDockerVolumes(cluster, prefix)
  })

  it('waits for its password, and says so', async () => {
    const event = await waitUntil('an event that names what is missing', async () => {
      return (await messages()).find((message) => message.startsWith('Missing: '))
    })
    const [secret] = findSecrets(job)
    expect(event).toContain(`nomad.var.block(${secret?.path}@`)
  })

  it('runs, with every check passing, as soon as the password is there', async () => {
    await putSecrets(cluster, findSecrets(job), PASSWORD)
    service = await waitUntil('all checks of redis passing', async () => {
      const [entry] = (await (await fetch(`${consul}/v1/health/service/redis`)).json()) as CheckedService[]
      // The first check is the node's own.
      const passing = entry?.Checks.every(({ Status }) => Status === 'passing') && entry.Checks.length > 1
      if (passing) return entry
      throw new Error(JSON.stringify({ checks: entry?.Checks, events: await messages() }))
    })
    const status = await waitUntil('the allocation running', async () => {
      const [allocation] = await allocations()
      return allocation?.ClientStatus === 'pending' ? undefined : allocation?.ClientStatus
    })
    expect(status).toBe('running')
  })

  it('answers at the address in Consul, to those who know the password', async () => {
    const { Address, Port } = service.Service
    const answers = await askRedis(Address, Port, [['PING'], ['AUTH', 'wrong'], ['AUTH', PASSWORD], ['PING']])
    expect(answers).toEqual([
      expect.stringMatching(/^-NOAUTH /),
      expect.stringMatching(/^-WRONGPASS /),
      '+OK',
      '+PONG',
    ])
  })

  it('shows the password in no part of the job', async () => {
    const shown = await callNomad(nomad, `job/${job.ID}`)
    expect(JSON.stringify(shown)).not.toContain(PASSWORD.slice(0, 6))
  })

  async function messages(): Promise<string[]> {
    const states = (await allocations()).flatMap(({ TaskStates }) => Object.values(TaskStates ?? {}))
    return states.flatMap(({ Events }) => Events.map(({ DisplayMessage }) => DisplayMessage))
  }

  async function allocations(): Promise<Allocation[]> {
    return callNomad(nomad, `job/${job.ID}/allocations`)
  }
})
