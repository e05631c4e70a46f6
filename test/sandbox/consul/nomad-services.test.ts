import { afterEach, describe, expect, it } from 'vitest'
import {
  followAllocations,
  simulatedRunner,
  startConsulEmulator,
  startNomadEmulator,
} from '../../../src/sandbox/index.ts'
import { waitUntil } from '../../helpers/wait-until.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function both() {
  const runner = simulatedRunner()
  const [nomad, consul] = [await startNomadEmulator({ runner }), await startConsulEmulator()]
  closing.push(nomad.close, consul.close)
  followAllocations(nomad, consul)
  const put = (path: string, body: object) =>
    fetch(`${nomad.address}/v1/${path}`, { method: 'PUT', body: JSON.stringify(body) })
  const services = async (name: string) =>
    (await (await fetch(`${consul.address}/v1/health/service/${name}?passing`)).json()) as {
      Service: Record<string, unknown>
      Checks: { CheckID: string; Name: string; ServiceID: string }[]
    }[]
  return { runner, put, services }
}

const job = (more: object = {}) => ({
  ID: 'web',
  Type: 'service',
  TaskGroups: [
    {
      Name: 'g',
      Count: 2,
      // A deployment would block the scale.
      Update: { MaxParallel: 0 },
      Networks: [{ ReservedPorts: [{ Label: 'http', Value: 8080 }], DynamicPorts: [{ Label: 'admin' }] }],
      Services: [
        {
          Name: 'web',
          PortLabel: 'http',
          Tags: ['t'],
          Meta: { stack: 's' },
          Checks: [{ Name: 'up', Type: 'http' }],
        },
        { Name: 'web-admin', PortLabel: 'admin' },
        { Name: 'web-inner', PortLabel: '9000' },
        { Name: 'other', Provider: 'nomad' },
      ],
      Tasks: [{ Name: 'main', Driver: 'docker', Services: [{ Name: 'of-task', PortLabel: 'http' }] }],
      ...more,
    },
  ],
})

describe('the services of emulated allocations', () => {
  it('are there while it runs', async () => {
    const { runner, put, services } = await both()
    await put('jobs', { Job: job() })
    const found = await waitUntil('both run', async () => {
      const all = await services('web')
      return all.length === 2 ? all : undefined
    })
    const [task] = runner.tasks()
    const mine = found.find(({ Service }) => String(Service.ID).includes(task?.allocation ?? ''))
    expect(mine?.Service).toMatchObject({
      ID: `_nomad-task-${task?.allocation}-group-g-web-http`,
      Tags: ['t'],
      Meta: { stack: 's', 'external-source': 'nomad' },
      Port: 8080,
    })
    expect(mine?.Checks.filter(({ ServiceID }) => ServiceID !== '').map(({ Name }) => Name)).toEqual(['up'])
    expect(mine?.Checks.at(-1)?.CheckID).toMatch(/^_nomad-check-[0-9a-f]{40}$/)
    const [admin] = await services('web-admin')
    const [inner] = await services('web-inner')
    const [ofTask] = await services('of-task')
    expect(await services('other')).toEqual([])
    expect(admin?.Service.Port).toBeGreaterThanOrEqual(20_000)
    expect(inner?.Service.Port).toBe(9000)
    expect(ofTask?.Service.ID).toMatch(/^_nomad-task-[0-9a-f-]+-main-of-task-http$/)

    await put('job/web/scale', { Count: 1, Target: { Group: 'g' } })
    await waitUntil('one is gone', async () => (await services('web')).length === 1 || undefined)
  })

  it('are not there before the main task runs', async () => {
    const { runner, put, services } = await both()
    const prepare = { Name: 'prepare', Driver: 'docker', Lifecycle: { Hook: 'prestart', Sidecar: false } }
    await put('jobs', { Job: job({ Count: 1, Tasks: [{ Name: 'main', Driver: 'docker' }, prepare] }) })
    const first = await waitUntil('it prepares', async () =>
      runner.tasks().find(({ isRunning }) => isRunning),
    )
    expect(first.task).toBe('prepare')
    expect(await services('web')).toEqual([])
    first.exit(0)
    await waitUntil('it runs', async () => (await services('web')).length === 1 || undefined)
  })
})
