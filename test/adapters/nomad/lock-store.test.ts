import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { nomadClient } from '../../../src/adapters/nomad/client.ts'
import { createLockStore } from '../../../src/adapters/nomad/lock-store.ts'
import type { LockStore } from '../../../src/ports.ts'
import { type AServer, aServer, json, words } from './a-server.ts'

let server: AServer | undefined
afterEach(async () => {
  await server?.close()
})

async function store(
  answer: (response: ServerResponse, operation: string, nth: number) => void,
): Promise<LockStore> {
  server = await aServer(({ query }, response, nth) => {
    answer(response, [...query.keys()].find((key) => key.startsWith('lock-')) ?? 'read', nth)
  })
  return createLockStore(nomadClient({ NOMAD_ADDR: server.address }), 'drover/scaler/shop', 'ops')
}

const held = (response: ServerResponse) => json(response, { Lock: { ID: 'L' }, Items: { a: '1' } })
const operations = () => (server?.asked ?? []).map(({ query }) => [...query.keys()].join())

describe('the lock', () => {
  it('is acquired for 10 s, by an id of its own that stays the same until it is lost', async () => {
    const lock = await store((response, operation, nth) =>
      operation === 'lock-renew'
        ? words(response, 409, "variable doesn't hold a lock")
        : nth === 1
          ? response.destroy()
          : held(response),
    )
    expect(await lock.acquire({ a: '1' })).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(await lock.acquire({ a: '1' })).toEqual({ ok: true, lock: 'L' })
    expect(await lock.renew('L')).toMatchObject({ ok: false, reason: 'lost' })
    await lock.acquire({ a: '1' })
    const bodies = (server?.asked ?? []).map(({ body }) => body as { Lock: { ID: string } })
    expect(server?.asked[0]?.path).toBe('/v1/var/drover/scaler/shop')
    expect(server?.asked[0]?.query.get('namespace')).toBe('ops')
    expect(bodies[0]).toMatchObject({ Items: { a: '1' }, Lock: { TTL: '10s', LockDelay: '1s' } })
    expect(bodies[1]?.Lock.ID).toBe(bodies[0]?.Lock.ID)
    expect(bodies[3]?.Lock.ID).not.toBe(bodies[0]?.Lock.ID)
  })

  it('is written to by renewing first, so that a lost one is never taken up again', async () => {
    const good = await store(held)
    expect(await good.write('L', { a: '2' })).toEqual({ ok: true, lock: 'L' })
    expect(operations()).toEqual(['namespace,lock-renew', 'namespace,lock-acquire'])
    expect(server?.asked[1]?.body).toMatchObject({ Items: { a: '2' }, Lock: { ID: 'L', TTL: '10s' } })
    await server?.close()
    const lost = await store((response) => words(response, 409, 'attempting to modify locked variable'))
    expect(await lost.write('L', { a: '2' })).toMatchObject({ ok: false, reason: 'lost' })
    expect(operations()).toEqual(['namespace,lock-renew'])
  })

  it.each([
    [409, '{"Path":"x"}', 'held'],
    [403, 'Permission denied', 'forbidden'],
    [400, 'TTL must be between 10 seconds and 24 hours', 'invalid'],
    [500, 'No cluster leader', 'unavailable'],
    [429, 'busy', 'unavailable'],
  ])('%i %s is %s', async (status, said, reason) => {
    const lock = await store((response) => words(response, status, said))
    const answer = await lock.acquire({})
    expect(answer).toMatchObject({ ok: false, reason })
    if (reason === 'forbidden')
      expect(answer).toMatchObject({ message: expect.stringContaining('write of the variable') })
  })

  it.each([
    [409, "variable doesn't hold a lock", 'lost'],
    [500, "variable doesn't hold a lock", 'lost'],
    [404, "variable doesn't exist", 'lost'],
    [500, 'rpc error: EOF', 'unavailable'],
  ])('%i %s to a holder is %s', async (status, said, reason) => {
    const lock = await store((response) => words(response, status, said))
    expect(await lock.renew('L')).toMatchObject({ ok: false, reason })
    expect(await lock.release('L')).toMatchObject({ ok: false, reason })
  })

  it('takes no more than 64 KiB, keys and values together, and asks nothing for more', async () => {
    const lock = await store(held)
    const fits = { k: 'x'.repeat(65_535) }
    expect(await lock.acquire(fits)).toMatchObject({ ok: true })
    const tooMuch = await lock.write('L', { k: 'é'.repeat(32_768) })
    expect(tooMuch).toMatchObject({
      ok: false,
      reason: 'invalid',
      message: expect.stringContaining('64 KiB'),
    })
    expect(server?.asked).toHaveLength(1)
  })

  it('is free to one who took it and did not hear of it', async () => {
    let id: string | undefined
    const lock = await store((response, operation) => {
      if (operation === 'read') return json(response, { Items: {}, ...(id ? { Lock: { ID: id } } : {}) })
      const asked = (server?.asked ?? []).map(({ body }) => body as { Lock?: { ID: string } } | undefined)
      id = asked.at(-1)?.Lock?.ID
      response.destroy()
    })
    expect(await lock.read()).toMatchObject({ isHeld: false })
    expect(await lock.acquire({})).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(await lock.read()).toMatchObject({ isHeld: false })
    id = 'of another'
    expect(await lock.read()).toMatchObject({ isHeld: true })
  })

  it('is read, also when there is no such variable', async () => {
    expect(await (await store(held)).read()).toEqual({ ok: true, items: { a: '1' }, isHeld: true })
    await server?.close()
    const none = await store((response) => words(response, 404, 'variable not found'))
    expect(await none.read()).toEqual({ ok: true, items: {}, isHeld: false })
    await server?.close()
    const other = await store((response) => words(response, 404, '<html>'))
    expect(await other.read()).toMatchObject({ ok: false })
  })
})
