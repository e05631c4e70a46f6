import { describe, expect, it } from 'vitest'
import { inFolder, STACK } from './in-folder.ts'

const folder = inFolder()
const CHANGED = STACK.replace('db:1', 'db:2')
const TOOLS = ['tidy.nomad.hcl']

describe('drover render', () => {
  it('writes a file for each job, and a table of them', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout, stderr } = await folder.run('render')
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      'JOB  KIND     COUNT  CPU  MEMORY  CHECKS',
      'db   service  1      0.1  300MB   -',
      'api  service  1      0.1  300MB   -',
      '',
    ])
    expect(stderr).toBe('2 jobs in jobs: 2 files written, 0 unchanged\n')
    expect(Object.keys(folder.read('jobs'))).toEqual(['api.nomad.hcl', 'db.nomad.hcl'])
    expect(folder.read('jobs')['db.nomad.hcl']).toContain('image = "db:1"')
  })

  it('writes only what changed, removes what is gone and says so, and leaves the rest alone', async () => {
    folder.write({ 'stack.yml': STACK, 'jobs/hand.nomad.hcl': 'job "hand" {}\n', 'jobs/README.md': 'mine\n' })
    await folder.run('render --profile tools')
    expect(folder.read('jobs')).toHaveProperty(TOOLS)
    folder.write({ 'stack.yml': CHANGED })
    const { stderr } = await folder.run('render')
    expect(stderr).toBe(
      'removed jobs/tidy.nomad.hcl: its job is gone\n2 jobs in jobs: 1 file written, 1 unchanged\n',
    )
    expect(Object.keys(folder.read('jobs'))).toEqual([
      'README.md',
      'api.nomad.hcl',
      'db.nomad.hcl',
      'hand.nomad.hcl',
    ])
    expect(folder.read('jobs')['hand.nomad.hcl']).toBe('job "hand" {}\n')
  })

  it('--json: the jobs and what became of each file', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render --job db')
    const { code, stdout, stderr } = await folder.run('render --json')
    expect(code).toBe(0)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({
      folder: 'jobs',
      files: [
        { path: 'db.nomad.hcl', kind: 'unchanged' },
        { path: 'api.nomad.hcl', kind: 'added' },
      ],
      jobs: ['db', 'api'].map((job) => ({
        job,
        kind: 'service',
        count: '1',
        cpu: 0.1,
        cpuLimit: 0.1,
        memoryMb: 300,
        memoryLimitMb: 300,
        checks: [],
        path: `${job}.nomad.hcl`,
      })),
    })
  })

  it('--env renders to a folder of its own', async () => {
    folder.write({ 'stack.yml': STACK, 'stack.dev.yml': 'services: { db: { image: "dev:1" } }\n' })
    await folder.run('render --env dev')
    expect(folder.read('jobs/dev')['db.nomad.hcl']).toContain('image = "dev:1"')
    await folder.run('render')
    expect(folder.read('jobs')['db.nomad.hcl']).toContain('image = "db:1"')
    expect(folder.read('jobs')['dev/db.nomad.hcl']).toContain('image = "dev:1"')
  })

  it('--job writes that job and touches no other', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render')
    folder.write({ 'stack.yml': CHANGED.replace('api:1', 'api:2') })
    const { stderr } = await folder.run('render --job api')
    expect(stderr).toBe('1 job in jobs: 1 file written, 0 unchanged\n')
    expect(folder.read('jobs')['db.nomad.hcl']).toContain('db:1')
    expect(folder.read('jobs')['api.nomad.hcl']).toContain('api:2')
  })

  it('--out and --stack take any path', async () => {
    folder.write({ 'deep/my.yaml': STACK })
    const { code } = await folder.run(`render --stack deep/my.yaml --out ${folder.path}/a/b`)
    expect(code).toBe(0)
    expect(Object.keys(folder.read('a/b'))).toEqual(['api.nomad.hcl', 'db.nomad.hcl'])
  })

  it('--format json writes what the API takes, beside the other form', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render')
    await folder.run('render --format json')
    expect(Object.keys(folder.read('jobs'))).toEqual([
      'api.nomad.hcl',
      'api.nomad.json',
      'db.nomad.hcl',
      'db.nomad.json',
    ])
    expect(JSON.parse(folder.read('jobs')['db.nomad.json'] ?? '')).toMatchObject({
      Job: { ID: 'db', Type: 'service' },
    })
    const again = await folder.run('render --format json')
    expect(again.stderr).toContain('0 files written, 2 unchanged')
    folder.write({ 'stack.yml': STACK.replace(/ {2}api:[\s\S]*batch/, 'batch') })
    expect((await folder.run('render')).stderr).toContain('removed jobs/api.nomad.hcl')
    expect(Object.keys(folder.read('jobs'))).toEqual(['db.nomad.hcl', 'db.nomad.json'])
  })

  it('--templates renders through the files of a folder', async () => {
    folder.write({
      'stack.yml': STACK,
      'own/partials/network.hcl.hbs': '# By hand.\nnetwork {\n{{rest "network" this}}\n}\n',
    })
    const { code, stdout } = await folder.run('render --templates own --job db --stdout')
    expect(code).toBe(0)
    expect(stdout).toContain('    # By hand.\n    network {\n      mode = "bridge"\n')
  })

  it('warnings are told, and rendered all the same', async () => {
    folder.write({ 'stack.yml': STACK.replace('api:1', 'api:latest') })
    const { code, stderr } = await folder.run('render')
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^stack\.yml:\d+:\d+ services\.api\.image: .* \[image-latest\]\n1 warning\n2 jobs in jobs/,
    )
  })

  it('nothing to render removes what there was', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render')
    folder.write({ 'stack.yml': 'name: shop\n' })
    const { code, stderr } = await folder.run('render')
    expect(code).toBe(0)
    expect(stderr).toBe(
      'removed jobs/api.nomad.hcl: its job is gone\nremoved jobs/db.nomad.hcl: its job is gone\n0 jobs in jobs: 0 files written, 0 unchanged\n',
    )
  })
})

describe('drover render --stdout', () => {
  it('prints the jobs and writes nothing', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout, stderr } = await folder.run('render --stdout')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.match(/^job "\w+" \{$/gm)).toEqual(['job "db" {', 'job "api" {'])
    expect(stdout.match(/^# Rendered by drover from the stack shop\. /gm)).toHaveLength(2)
    expect(folder.read()).toEqual({ 'stack.yml': STACK })
  })

  it('as JSON: one job, or a list', async () => {
    folder.write({ 'stack.yml': STACK })
    const one = JSON.parse((await folder.run('render --stdout --format json --job db')).stdout)
    expect(one.Job.ID).toBe('db')
    const all = JSON.parse((await folder.run('render --stdout --format json')).stdout)
    expect(all.map(({ Job }: { Job: { ID: string } }) => Job.ID)).toEqual(['db', 'api'])
  })

  it('with --json: the files, whatever their format', async () => {
    folder.write({ 'stack.yml': STACK })
    const { stdout } = await folder.run('render --stdout --json --job db')
    const plain = await folder.run('render --stdout --job db')
    expect(JSON.parse(stdout)).toEqual({ files: [{ path: 'db.nomad.hcl', text: plain.stdout }] })
  })
})

describe('drover render --check', () => {
  it('exits 0 and prints no data when all is as the stack says', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render')
    expect(await folder.run('render --check')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'jobs: 2 files are what the stack says\n',
    })
  })

  it('exits 7 and prints a diff when not, and writes nothing', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render --profile tools')
    folder.write({ 'stack.yml': CHANGED.replace('  api:', '  web: { image: web:1 }\n  api:') })
    const before = folder.read()
    const { code, stdout, stderr } = await folder.run('render --check')
    expect(code).toBe(7)
    expect(stdout).toContain('--- jobs/db.nomad.hcl\ton disk\n+++ jobs/db.nomad.hcl\tfrom the stack\n')
    expect(stdout).toContain('-        image = "db:1"\n+        image = "db:2"\n')
    expect(stdout).toContain('+job "web" {\n')
    expect(stdout).toContain('-job "tidy" {\n')
    expect(stdout).not.toContain('jobs/api')
    expect(stderr).toBe(
      '3 of 4 files differ: db.nomad.hcl (changed), web.nomad.hcl (added), tidy.nomad.hcl (removed)\nRun drover render to write them.\n',
    )
    expect(folder.read()).toEqual(before)
  })

  it('--json: what differs', async () => {
    folder.write({ 'stack.yml': STACK })
    const { code, stdout, stderr } = await folder.run(
      'render --check --json --env dev'.replace(' --env dev', ''),
    )
    expect([code, stderr]).toEqual([7, ''])
    expect(JSON.parse(stdout)).toEqual({
      folder: 'jobs',
      differences: [
        { path: 'db.nomad.hcl', kind: 'added' },
        { path: 'api.nomad.hcl', kind: 'added' },
      ],
    })
    await folder.run('render')
    expect(JSON.parse((await folder.run('render --check --json')).stdout)).toEqual({
      folder: 'jobs',
      differences: [],
    })
  })

  it('looks at one job when asked to', async () => {
    folder.write({ 'stack.yml': STACK })
    await folder.run('render')
    folder.write({ 'stack.yml': CHANGED })
    expect((await folder.run('render --check --job api')).code).toBe(0)
    expect((await folder.run('render --check --job db')).code).toBe(7)
  })
})
