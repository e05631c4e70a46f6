import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { ACTION_KEY, type ActionsOptions, createNomadActions } from '../../../src/adapters/nomad/actions.ts'
import { nomadClient } from '../../../src/adapters/nomad/client.ts'
import type { ActionAnswer, NomadActions } from '../../../src/ports.ts'
import { type AServer, type Asked, aServer, json, words } from './a-server.ts'

const GROUP = { namespace: 'shop', job: 'a/mailer', group: 'mailer' }
const SCALE = { group: GROUP, count: 3, jobModifyIndex: 7, message: 'm', meta: { waiting: 12 } }
const SCALED = { EvalID: 'e1', JobModifyIndex: 8 }
const JOB = {
  ID: 'a/mailer',
  Type: 'batch',
  TaskGroups: [
    { Name: 'mailer', Count: 0, Tasks: [] },
    { Name: 'other', Count: 2 },
  ],
}
const STORED = { ...JOB, Namespace: 'shop', Stop: false, Version: 0, JobModifyIndex: 8, Status: 'running' }

let server: AServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** What Nomad answers, one after the other; the last for ever. */
type Step = (response: ServerResponse, asked: Asked) => void
const ok =
  (body: unknown): Step =>
  (response) =>
    json(response, body)
const no =
  (status: number, text: string): Step =>
  (response) =>
    words(response, status, text)
const broken: Step = (response) => void response.destroy()
const silent: Step = () => {}

async function act(
  steps: readonly Step[],
  action: (actions: NomadActions) => Promise<ActionAnswer>,
  options: ActionsOptions = {},
): Promise<ActionAnswer> {
  server = await aServer((asked, response, nth) => steps[Math.min(nth, steps.length) - 1]?.(response, asked))
  const http = nomadClient({ NOMAD_ADDR: server.address })
  const answer = await action(createNomadActions(http, { firstWaitMs: 1, ...options }))
  http.close()
  return answer
}

const asked = () => (server?.asked ?? []).map(({ method, path }) => `${method} ${path}`)
const scale = (actions: NomadActions) => actions.scale(SCALE)

describe('scale', () => {
  it('sends count, index, message and its own mark', async () => {
    expect(await act([ok(SCALED)], scale)).toEqual({
      ok: true,
      jobModifyIndex: 8,
      evaluation: 'e1',
      attempts: 1,
    })
    const [one] = server?.asked ?? []
    expect(one?.path).toBe('/v1/job/a%2Fmailer/scale')
    expect(one?.query.get('namespace')).toBe('shop')
    expect(one?.body).toEqual({
      Count: 3,
      Target: { Group: 'mailer' },
      Message: 'm',
      Meta: { waiting: 12, [ACTION_KEY]: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      JobModifyIndex: 7,
    })
  })

  it.each([
    [400, 'job scaling blocked due to active deployment', 'deployment-active'],
    [500, 'Enforcing job modify index 7: job exists with conflicting job modify index: 9', 'stale-index'],
    [404, 'job "a/mailer" not found', 'job-missing'],
    [400, 'group count was greater than scaling policy maximum: 9 > 5', 'out-of-bounds'],
    [403, 'Permission denied', 'forbidden'],
  ])('refused for good is asked once: %i %s', async (status, said, refusal) => {
    const answer = await act([no(status, said)], scale)
    expect(answer).toMatchObject({ ok: false, refusal, status, attempts: 1, mayBeDone: false })
    expect(server?.asked).toHaveLength(1)
  })

  it.each<[string, Step]>([
    ['429', no(429, 'Your IP is ...')],
    ['no leader', no(500, 'No cluster leader')],
    ['502', no(502, 'Bad Gateway')],
    ['a broken connection', broken],
  ])('is tried again after %s', async (_, step) => {
    expect(await act([step, step, ok(SCALED)], scale)).toMatchObject({ ok: true, attempts: 3 })
  })

  it('gives up in the end, within its time', async () => {
    const answer = await act([silent], scale, { withinMs: 400 })
    expect(answer).toMatchObject({ ok: false, refusal: 'timeout', mayBeDone: true })
    const tries = (await act([no(429, 'busy')], scale)).attempts
    expect(tries).toBe(4)
  })

  it('remembers that an earlier attempt may be done', async () => {
    const answer = await act([broken, no(403, 'Permission denied')], scale)
    expect(answer).toMatchObject({ ok: false, refusal: 'forbidden', mayBeDone: true, attempts: 2 })
  })

  const stale = no(500, 'Enforcing job modify index 7: job exists with conflicting job modify index: 8')
  const events = (mark: (own: string) => string): Step => {
    return (response) => {
      const own =
        (server?.asked[0]?.body as { Meta?: Record<string, string> } | undefined)?.Meta?.[ACTION_KEY] ?? ''
      const Events = [
        { EvalID: null, Meta: null },
        { EvalID: 'e9', Meta: { [ACTION_KEY]: mark(own) } },
      ]
      json(response, { JobModifyIndex: 8, TaskGroups: { mailer: { Events } } })
    }
  }

  it('knows its own when the answer to an attempt was lost', async () => {
    const answer = await act([broken, stale, events((own) => own)], scale)
    expect(answer).toEqual({ ok: true, jobModifyIndex: 8, evaluation: 'e9', attempts: 2 })
    expect(asked()).toEqual([
      'PUT /v1/job/a%2Fmailer/scale',
      'PUT /v1/job/a%2Fmailer/scale',
      'GET /v1/job/a%2Fmailer/scale',
    ])
    const marks = server?.asked.slice(0, 2).map(({ body }) => (body as { Meta: object }).Meta)
    expect(marks?.[0]).toEqual(marks?.[1])
  })

  it('does not take the same count set by another for its own', async () => {
    const answer = await act([broken, stale, events(() => 'of another')], scale)
    expect(answer).toMatchObject({ ok: false, refusal: 'stale-index' })
  })

  it('asks nothing for a stopped job, or without an index', async () => {
    const stopped = await act([ok(SCALED)], scale, { isStopped: () => true })
    expect(stopped).toMatchObject({ ok: false, refusal: 'job-stopped', attempts: 0 })
    expect(server?.asked).toHaveLength(0)
    await server?.close()
    const blind = await act([ok(SCALED)], (actions) => actions.scale({ ...SCALE, jobModifyIndex: 0 }))
    expect(blind).toMatchObject({ ok: false, refusal: 'invalid', attempts: 0 })
    expect(server?.asked).toHaveLength(0)
  })
})

describe('retire', () => {
  const retire = (actions: NomadActions) => actions.retire('8ba', 'worker')

  it('sends SIGTERM to the task', async () => {
    expect(await act([ok({ Index: 0 })], retire)).toEqual({ ok: true, attempts: 1 })
    expect(server?.asked[0]).toMatchObject({
      path: '/v1/client/allocation/8ba/signal',
      body: { Signal: 'SIGTERM', Task: 'worker' },
    })
  })

  it.each<[string, Step, string]>([
    ['a broken connection', broken, 'unreachable'],
    ['an unclear 500', no(500, 'rpc error: EOF'), 'server-error'],
    ['silence', silent, 'timeout'],
  ])('never sends a second one after %s', async (_, step, refusal) => {
    const answer = await act([step], retire, { withinMs: 400 })
    expect(answer).toMatchObject({ ok: false, refusal, mayBeDone: true, attempts: 1 })
    expect(server?.asked).toHaveLength(1)
  })

  it('tries again when it was surely not sent', async () => {
    expect(await act([no(429, 'busy'), ok(null)], retire)).toEqual({ ok: true, attempts: 2 })
  })
})

describe('revive', () => {
  const revive = (actions: NomadActions) => actions.revive(GROUP, 4)
  const missing = no(404, 'job not found')
  const rendered = async () => JOB

  it('registers what is rendered, with the count, only if there is none', async () => {
    const answer = await act([missing, ok(SCALED)], revive, { rendered })
    expect(answer).toEqual({ ok: true, jobModifyIndex: 8, evaluation: 'e1', attempts: 1 })
    expect(server?.asked[1]).toMatchObject({ method: 'PUT', path: '/v1/jobs' })
    expect(server?.asked[1]?.body).toEqual({
      Job: { ...JOB, Namespace: 'shop', TaskGroups: [{ ...JOB.TaskGroups[0], Count: 4 }, JOB.TaskGroups[1]] },
      PreserveCounts: true,
      EnforceIndex: true,
      JobModifyIndex: 0,
    })
  })

  it.each([
    ['a job that is there', ok(STORED), rendered, 'stale-index'],
    ['a stopped job', ok({ ...STORED, Stop: true }), rendered, 'job-stopped'],
    ['a job that is not rendered', missing, async () => undefined, 'job-missing'],
    ['a job without the group', missing, async () => ({ ...JOB, TaskGroups: [] }), 'group-missing'],
  ])('refuses %s', async (_, step, render, refusal) => {
    const answer = await act([step], revive, { rendered: render })
    expect(answer).toMatchObject({ ok: false, refusal, mayBeDone: false })
    expect(asked()).toEqual(['GET /v1/job/a%2Fmailer'])
  })

  it('does not take a 404 of another server for a missing job', async () => {
    const answer = await act([no(404, '<html>not found</html>')], revive, { rendered })
    expect(answer).toMatchObject({ ok: false, refusal: 'invalid' })
    expect(server?.asked).toHaveLength(1)
  })

  it('says who came between', async () => {
    const lost = no(500, 'Enforcing job modify index 0: job already exists')
    expect(await act([missing, lost], revive, { rendered })).toMatchObject({ refusal: 'stale-index' })
  })

  it('knows its own when the answer to an attempt was lost', async () => {
    const there = { ...STORED, TaskGroups: [{ Name: 'mailer', Count: 4 }] }
    const answer = await act([missing, broken, ok(there)], revive, { rendered })
    expect(answer).toEqual({ ok: true, jobModifyIndex: 8, attempts: 2 })
  })
})

describe('tagVersion', () => {
  const tag = (actions: NomadActions) => actions.tagVersion(GROUP, 6, 'drover-v6', 'why')
  const versions = (newest: number, tags: Record<number, string> = {}) =>
    ok({
      Versions: Array.from({ length: newest + 1 }, (_, index) => newest - index).map((Version) => ({
        ...STORED,
        Version,
        Stable: false,
        VersionTag: tags[Version] ? { Name: tags[Version] } : null,
      })),
    })

  it('tags a version that is not the present one', async () => {
    expect(await act([versions(7), ok({})], tag)).toEqual({ ok: true, attempts: 1 })
    expect(server?.asked[1]).toMatchObject({
      method: 'PUT',
      path: '/v1/job/a%2Fmailer/versions/drover-v6/tag',
      body: { Version: 6, Description: 'why' },
    })
    expect(server?.asked).toHaveLength(2)
  })

  it('keeps five of its tags, and those of others', async () => {
    const tags = {
      0: 'drover-v0',
      1: 'drover-v1',
      2: 'golden',
      3: 'drover-v3',
      4: 'drover-v4',
      5: 'drover-v5',
    }
    expect(await act([versions(7, tags), ok({})], tag)).toMatchObject({ ok: true })
    expect(asked().slice(2)).toEqual(['DELETE /v1/job/a%2Fmailer/versions/drover-v0/tag'])
  })

  it.each([
    ['the present version', versions(6), 'is the present one'],
    ['a version that is gone', versions(3), 'any more'],
    ['a job that is gone', no(404, 'job versions not found'), 'any more'],
  ])('refuses %s', async (_, step, said) => {
    const answer = await act([step], tag)
    expect(answer).toMatchObject({ ok: false, refusal: 'invalid', message: expect.stringContaining(said) })
    expect(server?.asked).toHaveLength(1)
  })

  it('has nothing to do when it is tagged', async () => {
    expect(await act([versions(7, { 6: 'drover-v6' })], tag)).toEqual({ ok: true, attempts: 1 })
    expect(server?.asked).toHaveLength(1)
  })
})
