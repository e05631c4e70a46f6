import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inFolder } from './in-folder.ts'
import { startFakeNomad } from './up-fake-nomad.ts'

const STACK = `name: shop
silence: { no-check: These are tests. }
services:
  web: { image: "web:1", depends_on: [api] }
  api: { image: "api:1", depends_on: [redis], ports: { main: 80 } }
  redis: { image: "redis:1", ports: { main: 6379 } }
workers:
  mailer:
    image: "mailer:1"
    queues: [mail]
    scale: { min: 0, max: 4 }
    depends_on: [redis]
batch:
  tidy: { image: "tidy:1", profiles: [tools] }
broker: { software: bullmq, service: redis }
`

let nomad: Awaited<ReturnType<typeof startFakeNomad>>
const folder = inFolder()

beforeAll(async () => {
  nomad = await startFakeNomad()
})
afterAll(() => nomad.close())
beforeEach(() => {
  nomad.reset()
  folder.write({ 'stack.yml': STACK })
})

const up = (line = '', env: Record<string, string> = {}) =>
  folder.run(`up ${line}`, { env: { NOMAD_ADDR: nomad.address, NOMAD_TOKEN: 'the-token', ...env } })
const change = (from: string, to: string) => folder.write({ 'stack.yml': STACK.replaceAll(from, to) })
const names = () => nomad.registered.map(({ Job }) => Job.ID)
const results = (stdout: string) =>
  Object.fromEntries(
    (JSON.parse(stdout).jobs as { job: string; result: string }[]).map(({ job, result }) => [job, result]),
  )

/** The mailer has been scaled, and its workers run; nobody knows what they do. */
function runMailers(): void {
  const mailer = nomad.jobs.get('mailer')
  if (mailer) nomad.jobs.set('mailer', { ...mailer, TaskGroups: [{ Name: 'mailer', Count: 2, Scaling: {} }] })
  const running = { TaskGroup: 'mailer', ClientStatus: 'running', DesiredStatus: 'run', TaskStates: null }
  nomad.allocations.set('mailer', [
    { ID: 'one', ...running },
    { ID: 'two', ...running },
  ])
}

describe('drover up', () => {
  it('says on a terminal what it is at, and leaves nothing of it', async () => {
    let told = ''
    const write = (text: string) => {
      told += text
    }
    const env = { NOMAD_ADDR: nomad.address, NO_COLOR: '1' }
    await folder.run('up', { env, stderr: { isTTY: true, columns: 80, write } })
    expect(told).toContain('\r\u001b[2KPlanning 1 of 4: redis')
    expect(told).toContain('\r\u001b[2KRegistering 4 of 4: mailer')
    expect(told.split('\r\u001b[2K').at(-1)).toMatch(/^4 .*\n$/)
  })

  it('registers what is new, what is needed first', async () => {
    const { code, stdout, stderr } = await up()
    expect([code, names()]).toEqual([0, ['redis', 'api', 'web', 'mailer']])
    expect(
      nomad.registered.map(({ PreserveCounts, EnforceIndex, JobModifyIndex }) => [
        PreserveCounts,
        EnforceIndex,
        JobModifyIndex,
      ]),
    ).toEqual(Array(4).fill([true, true, 0]))
    expect(stdout).toMatch(/^redis +registered +new, starts 1$/m)
    expect(stderr).toBe('4 jobs: 4 registered\n')
  })

  it('registers nothing again that is the same', async () => {
    await up()
    nomad.requests = []
    const { code, stdout, stderr } = await up()
    expect([code, stderr, stdout.match(/unchanged/g)?.length]).toEqual([0, '4 jobs: 4 unchanged\n', 4])
    expect(nomad.requests).not.toContain('PUT /v1/jobs')
  })

  it('takes only the jobs that are named, in order, and those of a profile that is', async () => {
    await up('web redis')
    expect(names()).toEqual(['redis', 'web'])
    await up('tidy --profile tools')
    expect(names()).toEqual(['redis', 'web', 'tidy'])
  })

  it('has the version before kept for a revert, unless it is stopped or has a tag', async () => {
    await up()
    change(':1', ':2')
    const set = (name: string, more: object) => {
      const job = nomad.jobs.get(name)
      if (job) nomad.jobs.set(name, { ...job, Version: 7, ...more })
    }
    set('api', {})
    set('web', { Stop: true })
    set('redis', { VersionTag: { Name: 'golden' } })
    const { code } = await up('api web redis')
    expect([code, nomad.tags]).toEqual([0, ['api 7 drover-v7']])
    expect(names().slice(4)).toEqual(['redis', 'api', 'web'])
  })

  it('keeps the count of what is scaled, and sets that of what is not', async () => {
    await up()
    runMailers()
    folder.write({
      'stack.yml': STACK.replace('"api:1",', '"api:1", count: 3,').replace('mailer:1', 'mailer:2'),
    })
    const { code } = await up('--now')
    expect(code).toBe(0)
    expect(
      nomad.registered
        .slice(4)
        .map(({ Job, PreserveCounts }) => [Job.ID, Job.TaskGroups[0]?.Count, PreserveCounts]),
    ).toEqual([
      ['api', 3, false],
      ['mailer', 2, true],
    ])
  })

  describe('--dry-run', () => {
    it('registers nothing, says what differs and exits 7; 0 when nothing does', async () => {
      expect((await up('--dry-run')).code).toBe(7)
      expect(nomad.registered).toEqual([])
      await up()
      change('api:1', 'api:2')
      const { code, stdout, stderr } = await up('--dry-run')
      expect([code, names()]).toEqual([7, ['redis', 'api', 'web', 'mailer']])
      expect(stdout).toMatch(/^api +would register +replaces 1$/m)
      expect(stderr).toMatch(/^api: Text a → b\n4 jobs: 1 would register, 3 unchanged\n$/)
      folder.write({ 'stack.yml': STACK })
      expect((await up('--dry-run')).code).toBe(0)
    })

    it('gives it all as JSON', async () => {
      await up()
      runMailers()
      change('mailer:1', 'mailer:2')
      const { code, stdout, stderr } = await up('--dry-run --json')
      expect([code, stderr]).toEqual([7, ''])
      expect(JSON.parse(stdout).jobs).toHaveLength(4)
      expect(JSON.parse(stdout).jobs[3]).toEqual({
        job: 'mailer',
        result: 'refused',
        change: 'replace',
        allocations: { start: 0, stop: 0, update: 0, replace: 2 },
        differences: ['Text a → b'],
        reason: '2 of 2 workers may be busy: DROVER_REDIS_URL does not say where the queues are',
        warnings: [],
      })
    })
  })

  describe('workers that may be busy', () => {
    beforeEach(async () => {
      await up()
      runMailers()
      change(':1', ':2')
    })

    it('are not replaced; what does not need them is registered', async () => {
      const { code, stdout, stderr } = await up()
      expect([code, names().slice(4)]).toEqual([6, ['redis', 'api', 'web']])
      expect(stdout).toMatch(/^mailer +refused +replaces 2$/m)
      expect(stderr).toMatch(/^Asking whether workers are busy: mailer\n/)
      expect(stderr).toMatch(/mailer: refused: 2 of 2 workers may be busy: DROVER_REDIS_URL does not say/)
      expect(stderr).toMatch(/give --now\.\n4 jobs: 3 registered, 1 refused\n$/)
    })

    it('hold up what needs them', async () => {
      folder.write({
        'stack.yml': STACK.replaceAll(':1"', ':2"')
          .replace('image: "mailer:2"', 'image: "mailer:2"\n    ports: { http: 80 }')
          .replace('services:\n', 'services:\n  ui: { image: "ui:1", depends_on: [mailer] }\n'),
      })
      const { code, stdout, stderr } = await up('--json')
      expect([code, results(stdout)]).toEqual([
        6,
        { redis: 'registered', mailer: 'refused', ui: 'skipped', api: 'registered', web: 'registered' },
      ])
      expect(JSON.parse(stdout).jobs).toContainEqual(
        expect.objectContaining({ job: 'ui', reason: 'it needs mailer' }),
      )
      expect(stderr).toBe('')
    })

    it('are replaced with --now, and nobody asks', async () => {
      const { code, stderr } = await up('mailer --now')
      expect([code, stderr]).toEqual([0, '1 job: 1 registered\n'])
      expect(nomad.requests).not.toContain('GET /v1/job/mailer/allocations')
    })

    it('are replaced when none runs', async () => {
      nomad.allocations.set('mailer', [])
      expect((await up('mailer')).code).toBe(0)
    })

    it('are guarded by what the job was, too', async () => {
      const mailer = nomad.jobs.get('mailer')
      if (mailer)
        nomad.jobs.set('mailer', { ...mailer, Meta: { drover_stack: 'shop', drover_kind: 'worker' } })
      folder.write({
        'stack.yml':
          'name: shop\nsilence: { no-check: Test. }\nservices: { mailer: { image: "mailer:1", count: 1 } }\n',
      })
      const { code, stderr } = await up()
      expect(code).toBe(6)
      expect(stderr).toMatch(/2 of 2 workers may be busy: the stack names no broker/)
    })
  })

  describe('registers nothing', () => {
    it('of a stack that is wrong, and asks nobody', async () => {
      change('[redis]', '[nobody]')
      const { code, stderr } = await up()
      expect([code, nomad.requests]).toEqual([3, []])
      expect(stderr).toMatch(/nobody/)
    })

    it('when Nomad cannot parse a job; it says where', async () => {
      nomad.answer = (line, body: { JobHCL: string }) =>
        line === 'POST /v1/jobs/parse' && body.JobHCL.includes('job "mailer"')
          ? [400, 'Failed to parse job: input.hcl:3,2-7: Unsupported argument; Did you mean "count"?']
          : undefined
      const { code, stderr } = await up()
      expect([code, nomad.registered]).toEqual([6, []])
      expect(stderr).toMatch(/Nomad does not take a job; nothing was registered/)
      expect(stderr).toMatch(
        /^mailer\.nomad\.hcl:3:2 mailer: Unsupported argument; Did you mean "count"\? \(drover render --job mailer --stdout prints/m,
      )
    })

    it('when Nomad cannot plan jobs; all of them are told', async () => {
      nomad.answer = (line) =>
        /\/(api|web)\/plan/.test(line) ? [500, `1 error occurred:\n\t* no good ${line}\n\n`] : undefined
      const { code, stderr } = await up()
      expect([code, nomad.registered]).toEqual([6, []])
      expect(stderr).toMatch(/does not take 2 jobs/)
      expect(stderr).toMatch(/^api: .*no good PUT \/v1\/job\/api\/plan/ms)
      expect(stderr).toMatch(/no good PUT \/v1\/job\/web\/plan/)
    })

    it('with a token that is too weak, and says so once', async () => {
      nomad.answer = () => [403, 'Permission denied']
      const { code, stdout, stderr } = await up()
      expect([code, stdout]).toEqual([6, ''])
      expect(stderr.match(/parse-job/g)).toHaveLength(1)
      expect(stderr).not.toContain('the-token')
    })

    it('when Nomad is not there', async () => {
      const { code, stderr } = await up('', { NOMAD_ADDR: 'http://127.0.0.1:1' })
      expect(code).toBe(5)
      expect(stderr).toMatch(/127\.0\.0\.1:1 is not reachable.*NOMAD_ADDR says where/)
    })

    it('for a name that no job has', async () => {
      const { code, stderr } = await up('nobody')
      expect([code, nomad.requests]).toEqual([2, []])
      expect(stderr).toMatch(/there is no job nobody/)
    })
  })

  describe('on the way', () => {
    it('plans a job again that somebody changed meanwhile', async () => {
      await up()
      change('api:1', 'api:2')
      let isFirst = true
      nomad.answer = (line) => {
        const api = nomad.jobs.get('api')
        if (line !== 'PUT /v1/jobs' || !isFirst || !api) return undefined
        isFirst = false
        nomad.jobs.set('api', { ...api, Version: 9, JobModifyIndex: 4711 })
        return undefined
      }
      const { code } = await up()
      expect([code, nomad.registered.at(-1)?.JobModifyIndex, nomad.tags]).toEqual([
        0,
        4711,
        ['api 9 drover-v9'],
      ])
    })

    it('gives a job up that is changed all the time', async () => {
      nomad.answer = (line) =>
        line === 'PUT /v1/jobs' ? [500, 'Enforcing job modify index 0: job already exists'] : undefined
      const { code, stdout } = await up('redis --json')
      expect([code, results(stdout)]).toEqual([6, { redis: 'failed' }])
      expect(nomad.requests.filter((line) => line === 'PUT /v1/jobs')).toHaveLength(5)
    })

    it('goes on without those that need what Nomad refused', async () => {
      nomad.answer = (line, body: { Job: { ID: string } }) =>
        line === 'PUT /v1/jobs' && body.Job.ID === 'api' ? [500, '1 error occurred:\n\t* no good'] : undefined
      const { code, stdout, stderr } = await up()
      expect([code, names()]).toEqual([6, ['redis', 'mailer']])
      expect(stdout).toMatch(/^web +skipped/m)
      expect(stderr).toMatch(/^api: failed: .*no good/ms)
      expect(stderr).toMatch(/^web: skipped: it needs api$/m)
      expect(stderr).toMatch(/4 jobs: 2 registered, 1 failed, 1 skipped/)
    })

    it('tries nothing more once Nomad is gone', async () => {
      nomad.answer = (line, body: { Job: { ID: string } }) =>
        line === 'PUT /v1/jobs' && body.Job.ID === 'api' ? 'hang up' : undefined
      const { code, stdout } = await up('--json')
      expect([code, results(stdout)]).toEqual([
        5,
        { redis: 'registered', api: 'failed', web: 'skipped', mailer: 'skipped' },
      ])
    })

    it('says when the version before is not kept; the job is registered all the same', async () => {
      await up()
      change('api:1', 'api:2')
      nomad.answer = (line) =>
        line.startsWith('PUT') && line.endsWith('/tag') ? [403, 'Permission denied'] : undefined
      const { code, stderr } = await up()
      expect(code).toBe(0)
      expect(stderr).toMatch(/^api: the version before is not kept for a revert: Permission denied/m)
    })
  })
})
