import { describe, expect, it } from 'vitest'
import { artefact, chromiumOnPath } from '../../helpers/browser.ts'
import { dayOf, groupOf, HEAVY, refOf, tellGrowth } from './demo.ts'
import { useBrowser } from './use-browser.ts'

const program = chromiumOnPath()

describe.skipIf(program === undefined)('the groups', () => {
  const open = useBrowser(program)

  it('stand there with everything that is known of them, and what happened', async () => {
    const { page, demo, errors, requests } = await open()
    tellGrowth(demo, HEAVY, Date.now() - 95_000)
    const row = page.getByRole('row', { name: 'worker_heavy' })
    await row.waitFor()
    const cells = await row.getByRole('cell').allInnerTexts()
    expect(cells.map((text) => text.replaceAll(/\s+/g, ' ').trim())).toEqual([
      '4 0–4',
      '2 busy, 2 starting',
      '7',
      '2',
      '1 min 14 s of 5 min',
      '',
      expect.stringMatching(/^0 -> 4: 9 waiting .* no more than max for 1 min \d+ s$/),
    ])
    expect(await row.getByRole('img').getAttribute('aria-label')).toMatch(/^Last hour: waiting at most \d+/)
    const log = page.getByRole('list', { name: 'Events' })
    await log.getByText('accepted after 41 ms').waitFor()
    expect(await page.locator('.totals').textContent()).toContain('3 groups · 8 allocations, 5 busy')
    expect(await page.locator('#banner').textContent()).toBe('')
    await page.screenshot({ path: artefact('dashboard-groups') })
    expect(errors).toEqual([])
    expect(requests.filter((url) => !url.startsWith(demo.url))).toEqual([])
  })

  it('follow what happens without being loaded again', async () => {
    const { page, demo } = await open()
    await page.getByText('live', { exact: true }).waitFor()
    demo.scaler.setGroup(groupOf({ ref: HEAVY, workers: [], waiting: 0, active: 0 }))
    demo.scaler.emit(
      { kind: 'observed', group: HEAVY, what: 'x' },
      'worker_heavy: the last one has left',
      Date.now(),
    )
    await page.getByText('the last one has left').waitFor()
    const row = page.getByRole('row', { name: 'worker_heavy' })
    await row.getByText('none', { exact: true }).first().waitFor()
    expect(await row.getByRole('cell').first().textContent()).toMatch(/^0/)
  })

  it('go from none to four and back to none while somebody looks', async () => {
    const states = (count: number, state: 'starting' | 'busy') => Array.from({ length: count }, () => state)
    const steps = [
      ['0', 'none', groupOf({ ref: HEAVY, workers: [], waiting: 0, active: 0 })],
      ['4', '4 starting', groupOf({ ref: HEAVY, workers: states(4, 'starting'), waiting: 9, active: 0 })],
      ['4', '4 busy', groupOf({ ref: HEAVY, workers: states(4, 'busy'), waiting: 5, active: 4 })],
      [
        '0',
        '4 retiring',
        groupOf({ ref: HEAVY, workers: states(4, 'busy').map(() => 'retiring'), waiting: 0, active: 0 }),
      ],
      ['0', 'none', groupOf({ ref: HEAVY, workers: [], waiting: 0, active: 0 })],
    ] as const
    const { page, demo } = await open('/', { groups: [steps[0][2]] })
    await page.getByText('live', { exact: true }).waitFor()
    const cells = page.getByRole('row', { name: 'worker_heavy' }).getByRole('cell')
    for (const [index, [count, workers, group]] of steps.entries()) {
      demo.scaler.setGroup(group)
      demo.scaler.emit({ kind: 'observed', group: HEAVY, what: 'x' }, `step ${index}`, Date.now())
      await cells.nth(1).getByText(workers, { exact: true }).waitFor()
      expect((await cells.first().allInnerTexts()).join()).toBe(`${count} 0–4`)
    }
    const told = await page.getByRole('list', { name: 'Events' }).getByRole('listitem').allInnerTexts()
    expect(told.map((text) => text.slice(9).trim())).toEqual([
      'step 4',
      'step 3',
      'step 2',
      'step 1',
      'step 0',
    ])
  })

  it('keep the place of the reader: what has not changed is not touched', async () => {
    const { page, demo } = await open()
    await page.getByRole('row', { name: 'worker_heavy' }).waitFor()
    await page.evaluate(() => {
      for (const row of document.querySelectorAll('tbody tr')) row.setAttribute('data-was', 'here')
    })
    const [light, ...rest] = dayOf(Date.now())
    if (light === undefined) throw new Error('no group')
    demo.scaler.setGroup({ ...light, waiting: 99 })
    demo.scaler.emit({ kind: 'observed', group: light.group, what: 'x' }, 'look', Date.now())
    await page.getByRole('cell', { name: '99', exact: true }).waitFor()
    expect(await page.locator('tr[data-was]').count()).toBe(rest.length + 1)
  })

  it('show names as text, whatever they are', async () => {
    const evil = '<img src=x onerror="document.title=1">'
    const group = groupOf({ ref: refOf(evil), workers: ['busy'], waiting: 1, active: 1 })
    const { page, demo, errors } = await open('/', { groups: [group] })
    await page.getByRole('link', { name: evil }).click()
    await page.getByRole('heading', { name: evil }).waitFor()
    tellGrowth(demo, refOf(evil), Date.now())
    await page.getByText('In force now').click()
    await page.getByRole('heading', { name: 'Votes' }).waitFor()
    await page.getByRole('button', { name: 'Pause …' }).click()
    await page.getByRole('heading', { name: `Pause ${evil}` }).waitFor()
    expect(await page.locator('main img, dialog img').count()).toBe(0)
    expect(await page.title()).toBe(`${evil} – Drover`)
    expect(errors).toEqual([])
  })

  it('can be narrowed down by a part of the name', async () => {
    const groups = Array.from({ length: 12 }, (_, index) =>
      groupOf({ ref: refOf(`group_${index}`), workers: [], waiting: 0, active: 0 }),
    )
    const { page } = await open('/', { groups })
    await page.getByRole('searchbox').fill('_1')
    await page.getByRole('row', { name: 'group_2' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('rowheader').allInnerTexts()).toEqual(['group_1', 'group_10', 'group_11'])
    await page.getByRole('searchbox').fill('nothing')
    await page.getByText('No group has such a name.').waitFor()
  })
})

describe.skipIf(program === undefined)('the banner', () => {
  const open = useBrowser(program)

  it('says what is blind, stuck, paused, and that nobody leads, with the way there', async () => {
    const now = Date.now()
    const stuck = {
      kind: 'retirement-stuck',
      group: 'b',
      message: '5f1c02aa does not leave',
      since: now,
    } as const
    const groups = [
      groupOf({ ref: refOf('a'), workers: [], waiting: 0, active: 0, changes: { paused: { since: now } } }),
      groupOf({
        ref: refOf('b'),
        workers: ['retiring'],
        waiting: 0,
        active: 0,
        changes: { alerts: [stuck] },
      }),
    ]
    const { page, demo } = await open('/', { groups })
    const banner = page.locator('#banner')
    await banner.getByText('Paused: 1 group: a').waitFor()
    await banner.getByText('5f1c02aa does not leave').waitFor()
    const { leader, ...health } = demo.scaler.health()
    expect(leader).toBeDefined()
    Object.assign(demo.scaler, { health: () => ({ ...health, isLeader: false }) })
    await banner.getByText('No scaler leads').waitFor()
    Object.assign(demo.scaler, {
      health: () => ({
        ...health,
        leader,
        ready: false,
        problems: ['x'],
        cluster: { status: 'lost', since: now - 9000, heardAt: now - 9000, cause: 'connection refused' },
      }),
    })
    await banner.getByText(/Blind: Nomad is not heard of for \d+ s \(connection refused\)/).waitFor()
    await page.getByRole('row', { name: 'b' }).getByText('stuck').waitFor()
    await banner.getByRole('link', { name: 'b' }).click()
    await page.getByRole('heading', { name: 'b', exact: true }).waitFor()
  })

  it('says that the scaler does not answer, and is gone when it does again', async () => {
    const { page, demo } = await open()
    await page.getByText('live', { exact: true }).waitFor()
    const down = demo.restart(12_000)
    await page.getByText('reconnecting').waitFor()
    await page.getByText(/The scaler has not answered for \d+ s/).waitFor()
    await down
    await page.getByText('live', { exact: true }).waitFor()
    await page.getByText(/The scaler has not answered/).waitFor({ state: 'detached' })
    demo.scaler.emit({ kind: 'leader', isLeader: true }, 'leads again', Date.now())
    await page.getByText('leads again').waitFor()
  })

  it('is quiet about a stream that drops: what happened meanwhile is told once it is back', async () => {
    const { page, demo } = await open()
    await page.getByText('live', { exact: true }).waitFor()
    demo.scaler.emit({ kind: 'leader', isLeader: true }, 'before', Date.now())
    await page.getByText('before').waitFor()
    demo.drop()
    await page.getByText('reconnecting').waitFor()
    demo.scaler.emit({ kind: 'leader', isLeader: true }, 'meanwhile', Date.now())
    await page.getByText('live', { exact: true }).waitFor()
    await page.getByText('meanwhile').waitFor()
    expect(await page.getByText('meanwhile').count()).toBe(1)
    expect(await page.locator('#banner').textContent()).toBe('')
  })
})
