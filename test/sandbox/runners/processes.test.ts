import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { processRunner, startNomadEmulator } from '../../../src/sandbox/index.ts'
import { spec, worldOf } from '../../contract/nomad/world.ts'

it('runs commands with the environment and the folders of their task, and ends them with all they have started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-sandbox-'))
  const said: string[] = []
  const runner = processRunner({
    folder,
    onOutput: ({ allocation }, text) => said.push(`${allocation.Name}: ${text.trim()}`),
    command: ({ task }) =>
      task.Driver === 'docker' ? ['/bin/sh', '-c', 'echo in place of docker'] : undefined,
  })
  const nomad = await startNomadEmulator({ runner })
  const world = worldOf(nomad.address)
  const script =
    'cd "$NOMAD_TASK_DIR" && echo "$NOMAD_ALLOC_INDEX $NOMAD_META_owner $MORE"; sleep 1000 & wait'
  await world.register(
    spec('a', { script, task: { Env: { MORE: '${NOMAD_JOB_ID}!' } } }, { Meta: { owner: 'us' } }),
  )
  await world.running('a', 1)
  await expect.poll(() => said).toContain('a.g[0]: 0 us a!')
  await world.register(spec('b', { task: { Driver: 'docker' } }))
  await expect.poll(() => said).toContain('b.g[0]: in place of docker')
  await world.register(spec('c', { task: { Driver: 'podman' } }))
  await expect.poll(async () => (await world.allocations('c'))[0]?.ClientStatus).toBe('failed')
  await world.register(spec('d', { task: { Config: { command: '/no/such/program' } } }))
  await expect.poll(async () => (await world.allocations('d'))[0]?.ClientStatus).toBe('failed')
  await nomad.close()
  expect(existsSync(folder)).toBe(false)
})
