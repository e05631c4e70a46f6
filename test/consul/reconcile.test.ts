import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PresentService, reconcile } from '../../consul/reconcile.ts'
import { marked, type Registration } from '../../consul/registration.ts'

const wanted = (name: string, more: Partial<Registration> = {}): Registration =>
  marked('shop', {
    id: `drover:shop:external:${name}`,
    name,
    kind: 'external',
    address: `${name}.example`,
    port: 1,
    tags: ['shop', 'external'],
    meta: { stack: 'shop', kind: 'external' },
    checks: [{ id: `${name}:tcp`, name: 'tcp', type: 'ttl', ttl: '1s' }],
    ...more,
  })

/** As the agent has it after it was registered: it orders meta by itself. */
function asPresent({ id, name, address, port, tags, meta, checks }: Registration): PresentService {
  return {
    id,
    name,
    address: address ?? '',
    port: port ?? 0,
    tags,
    meta: Object.fromEntries(Object.entries(meta).reverse()),
    checks: checks.map((check) => ({ id: check.id, status: 'passing', output: '' })),
  }
}

describe('reconcile', () => {
  const db = wanted('db')
  const there = asPresent(db)

  it.each<[string, Registration, PresentService, string | undefined]>([
    ['nothing', db, there, undefined],
    ['a state', db, { ...there, checks: [{ id: 'db:tcp', status: 'critical', output: 'x' }] }, undefined],
    [
      'another interval, which an agent does not tell',
      wanted('db', { checks: [{ id: 'db:tcp', name: 'tcp', type: 'ttl', ttl: '2s' }] }),
      there,
      'the stack has changed',
    ],
    ['a check that is gone', db, { ...there, checks: [] }, 'the check tcp is missing'],
    [
      'a check of another',
      db,
      { ...there, checks: [...there.checks, { id: 'mine', status: 'passing', output: '' }] },
      'a check was added',
    ],
    ['a tag', db, { ...there, tags: ['x'] }, 'it was changed by another'],
    ['a port', db, { ...there, port: 2 }, 'it was changed by another'],
    ['a name', db, { ...there, name: 'x' }, 'it was changed by another'],
    ['meta', db, { ...there, meta: { ...there.meta, more: 'x' } }, 'it was changed by another'],
  ])('%s', (_, registration, present, why) => {
    const changes = reconcile([registration], [present])
    expect(changes.update).toEqual(why === undefined ? [] : [{ registration, why }])
    expect([changes.create, changes.remove]).toEqual([[], []])
    expect(changes.unchanged).toBe(why === undefined ? 1 : 0)
  })

  it('what is wanted is there after it, and a second time changes nothing', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'))
    fc.assert(
      fc.property(names, names, fc.boolean(), (now, before, isOld) => {
        const want = now.map((name) => wanted(name))
        const present = before.map((name) => asPresent(wanted(name, isOld ? { port: 2 } : {})))
        const { create, update, remove } = reconcile(want, present)
        const gone = new Set(
          [...remove, ...update.map(({ registration }) => registration)].map(({ id }) => id),
        )
        const after = [
          ...present.filter(({ id }) => !gone.has(id)),
          ...[...create, ...update.map(({ registration }) => registration)].map(asPresent),
        ]
        expect(after.map(({ id }) => id).sort()).toEqual(want.map(({ id }) => id).sort())
        expect(reconcile(want, after)).toEqual({
          create: [],
          update: [],
          remove: [],
          unchanged: want.length,
        })
      }),
    )
  })
})
