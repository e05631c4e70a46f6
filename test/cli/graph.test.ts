import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'
import { inFolder, STACK } from './in-folder.ts'

const folder = inFolder()

describe('drover graph', () => {
  it('draws the reference stack', async () => {
    const { code, stdout } = await runCli(['graph', '--profile', 'debug'], {
      cwd: join(import.meta.dirname, '../..'),
    })
    expect(code).toBe(0)
    await expect(stdout).toMatchFileSnapshot('../golden/graph.mmd')
  })

  it('--json', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout } = await folder.run('graph --json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      jobs: [
        { name: 'db', kind: 'service' },
        { name: 'api', kind: 'service' },
      ],
      edges: [{ from: 'api', to: 'db', why: 'healthy', waits: true }],
    })
  })

  it('with the jobs of a profile, and of an environment', async () => {
    folder.write({ 'stack.yml': STACK, 'stack.dev.yml': 'services: { api: { depends_on: [] } }\n' })
    expect((await folder.run('graph --profile tools --env dev')).stdout).toBe(
      'flowchart LR\n  job_db["db"]\n  job_api["api"]\n  job_tidy{{"tidy"}}\n',
    )
  })
})
