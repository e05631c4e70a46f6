import { describe, expect, it } from 'vitest'
import { artefact, chromiumOnPath } from '../../helpers/browser.ts'
import { groupOf, HEAVY, TOKEN, tellGrowth } from './demo.ts'
import { useBrowser } from './use-browser.ts'

const program = chromiumOnPath()
const PATH = '/#/group/worker_heavy'

describe.skipIf(program === undefined)('one group', () => {
  const open = useBrowser(program)

  it('has charts over an hour, a day and a week, in words as well', async () => {
    const { page, errors, requests } = await open(PATH)
    const plot = page.getByRole('img', { name: /^Queue over 1 h: waiting at most \d+, now 7; active/ })
    await plot.waitFor()
    expect(await page.locator('figure canvas').count()).toBe(4)
    await page.getByRole('button', { name: '24 h' }).click()
    await page.getByRole('img', { name: /^Oldest waiting over 24 h: age at most/ }).waitFor()
    await page.getByRole('button', { name: '7 d' }).click()
    await page.getByRole('img', { name: /^Workers over 7 d: count at most 4, now 4/ }).waitFor()
    await page.getByRole('img', { name: /^Cost per hour over 7 d: cost at most 0.82/ }).waitFor()
    expect(await page.getByRole('button', { name: '7 d' }).getAttribute('aria-pressed')).toBe('true')
    expect(requests.some((url) => /series\?from=\d+&to=\d+&step=15$/.test(url))).toBe(true)
    const painted = await page
      .locator('figure canvas')
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement
        const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data
        return (pixels ?? []).filter((value, index) => index % 4 === 3 && value > 0).length
      })
    expect(painted).toBeGreaterThan(500)
    expect(errors).toEqual([])
  })

  it('has its workers with allocations and tasks', async () => {
    const { page } = await open(PATH)
    const rows = page.getByRole('table', { name: 'Workers' }).getByRole('row')
    await rows.nth(4).waitFor()
    expect((await rows.nth(1).allInnerTexts()).join().split(/\s*\t\s*/)).toEqual([
      '5f1c02a0 worker_heavy.worker_heavy[0]',
      'busy',
      '1 of 1',
      expect.stringMatching(/^render for 1 min( \d+ s)?$/),
      'heavy',
      'node-1',
      expect.stringMatching(/^1 min \d+ s$/),
      'Retire …',
    ])
  })

  it('shows the names of tasks as text, whatever they are', async () => {
    const name = '<img src=x onerror="document.title=1">'
    const group = groupOf({ ref: HEAVY, workers: ['busy'], waiting: 0, active: 1 })
    const workers = group.workers.map((one) =>
      one.worker === undefined
        ? one
        : { ...one, worker: { ...one.worker, tasks: [{ name, id: '1', since: Date.now() }] } },
    )
    const { page, errors } = await open(PATH, { groups: [{ ...group, workers }] })
    await page.getByRole('table', { name: 'Workers' }).getByText(name).waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('tells why: the decision in force, and each before it, with votes and inputs', async () => {
    const { page, demo } = await open(PATH)
    await page.getByText('In force now').waitFor()
    tellGrowth(demo, HEAVY, Date.now() - 95_000)
    const past = page.locator('.story details').filter({ hasText: 'worker_heavy: 0 -> 4' })
    await past.locator('summary').click()
    const why = past.locator('.why')
    await why.getByText('9 waiting + 0 active over 1 a worker needs 9').first().waitFor()
    const text = (await why.allInnerTexts()).join().replaceAll(/\s+/g, ' ')
    expect(text).toMatch(
      /Votes Strategy Wants Why backlog 9 9 waiting .* latency abstains no throughput is known yet/,
    )
    expect(text).toContain('9 waiting, the oldest for 4 s; 0 active')
    expect(text).toContain('4 instead of 9: no more than max')
    expect(text).toMatch(/Queue Waiting Active Delayed Oldest Read heavy 9 0 2 4 s 0 s before/)
    expect(text).toContain('1 worker told what they do, 1 busy.')
    expect(text).toContain('strategies: backlog')
    expect(text).toContain('count 0 to 4 (grow): accepted after 41 ms')
    await page.getByText('In force now').click()
    await page.locator('.why').nth(1).waitFor()
    await page.screenshot({ path: artefact('dashboard-group'), fullPage: true })
  })

  it('says so when there is no such group', async () => {
    const { page } = await open('/#/group/%E0%A4%A')
    await page.getByText('There is no group of this name.').waitFor()
  })
})

describe.skipIf(program === undefined)('orders', () => {
  const open = useBrowser(program)

  it('pause and resume; the token is asked for once, a wrong one again, and it is kept nowhere', async () => {
    const { page, demo, errors } = await open(PATH)
    await page.getByRole('button', { name: 'Pause …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Pause worker_heavy' })
    await dialog.getByLabel('For how long').fill('30m')
    await dialog.getByLabel('Why').fill('slow database')
    const pause = dialog.getByRole('button', { name: 'Pause' })
    await pause.click()
    expect(await dialog.getByRole('alert').textContent()).toBe('Token of the scaler is needed.')
    await dialog.getByLabel('Token').fill('a-wrong-one')
    await pause.click()
    await dialog.getByText('the token is not that of the scaler.').waitFor()
    expect(demo.scaler.orders).toEqual([])
    await dialog.getByLabel('Token').fill(TOKEN)
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('worker_heavy is paused.').waitFor()
    expect(demo.scaler.orders).toEqual([
      ['pause', 'worker_heavy', { by: 'dashboard', reason: 'slow database', untilMs: expect.any(Number) }],
    ])

    const paused = { since: Date.now(), by: 'dashboard', reason: 'slow database' }
    demo.scaler.setGroup(
      groupOf({ ref: HEAVY, workers: ['busy'], waiting: 7, active: 1, changes: { paused } }),
    )
    await page.getByText(/^Paused since .* by dashboard \(slow database\)/).waitFor()
    await page.getByRole('button', { name: 'Resume …' }).click()
    const resume = page.getByRole('dialog', { name: 'Resume worker_heavy' })
    expect(await resume.getByLabel('Token').isVisible()).toBe(false)
    await resume.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('worker_heavy is scaled again.').waitFor()
    expect(demo.scaler.orders[1]).toEqual(['resume', 'worker_heavy', { by: 'dashboard' }])

    const kept = await page.evaluate(() => [
      JSON.stringify(localStorage),
      JSON.stringify(sessionStorage),
      document.cookie,
      location.href,
    ])
    expect(kept.join()).not.toContain(TOKEN)
    expect(await page.context().cookies()).toEqual([])
    await page.reload()
    await page.getByRole('button', { name: 'Set count …' }).click()
    expect(await page.getByLabel('Token').isVisible()).toBe(true)
    // A browser logs each answer that is an error by itself.
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])
  })

  it('set bounds, take them back, set the count, and retire a worker', async () => {
    const { page, demo } = await open(PATH)
    await page.getByRole('button', { name: 'Bounds …' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByLabel('Most').inputValue()).toBe('4')
    await dialog.getByLabel('Least').fill('1')
    await dialog.getByLabel('Most').fill('8')
    await dialog.getByLabel('Token').fill(TOKEN)
    await dialog.getByRole('button', { name: 'Set bounds' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Bounds …' }).click()
    await dialog.getByLabel('Least').fill('')
    await dialog.getByLabel('Most').fill('')
    await page.getByRole('button', { name: 'Set bounds' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Set count …' }).click()
    await dialog.getByLabel('Count').fill('3')
    await dialog.getByRole('button', { name: 'Set count' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Retire 5f1c02a1 …' }).click()
    await dialog.getByRole('button', { name: 'Retire' }).click()
    await page.getByText('5f1c02a1 is asked to leave.').waitFor()
    expect(demo.scaler.orders).toEqual([
      ['bounds', 'worker_heavy', { min: 1, max: 8 }, { by: 'dashboard' }],
      ['bounds', 'worker_heavy', undefined, { by: 'dashboard' }],
      ['scale', 'worker_heavy', 3, { by: 'dashboard' }],
      ['retire', 'worker_heavy', expect.stringMatching(/^5f1c02a1-/), { by: 'dashboard' }],
    ])
  })

  it('that are refused say why, and leave the dialog open', async () => {
    const { page, demo } = await open(PATH)
    demo.scaler.answer = {
      ok: false,
      refusal: 'deployment-active',
      message: 'a deployment is under way',
      mayBeDone: false,
      attempts: 1,
    }
    await page.getByRole('button', { name: 'Set count …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Count').fill('2')
    await dialog.getByLabel('Token').fill(TOKEN)
    await dialog.getByRole('button', { name: 'Set count' }).click()
    await dialog.getByText('Nomad: a deployment is under way (deployment-active).').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
})
