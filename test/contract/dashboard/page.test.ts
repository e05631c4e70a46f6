import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { artefact, chromiumOnPath } from '../../helpers/browser.ts'
import { groupOf, HEAVY, refOf, tellGrowth } from './demo.ts'
import { useBrowser } from './use-browser.ts'

const program = chromiumOnPath()
const PAGES = ['/', '/#/group/worker_heavy', '/#/platform'] as const

/** Waits until all that a page shows is there. */
async function isComplete(page: Page, path: string): Promise<void> {
  if (path === '/') await page.getByRole('row', { name: 'worker_heavy' }).waitFor()
  else if (path.includes('group')) await page.locator('canvas').nth(3).waitFor()
  else await page.getByRole('row', { name: 'mlflow' }).first().waitFor()
}

async function violations(page: Page): Promise<string[]> {
  const results = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run())
  expect(results.passes.length).toBeGreaterThan(10)
  return results.violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  )
}

describe.skipIf(program === undefined)('every page', () => {
  const open = useBrowser(program)

  it.each(PAGES.flatMap((path) => (['light', 'dark'] as const).map((scheme) => [path, scheme] as const)))(
    'can be used with a screen reader, and read: %s in the %s',
    async (path, scheme) => {
      // axe is put into the page as a script, which its own policy would refuse.
      const { page, demo } = await open(path, { context: { colorScheme: scheme, bypassCSP: true } })
      tellGrowth(demo, HEAVY, Date.now())
      demo.scaler.setHealth({ dryRun: true })
      await isComplete(page, path)
      await page.locator('#banner').getByText('Dry run').waitFor()
      await page.addScriptTag({ content: axe.source })
      expect(await violations(page)).toEqual([])
      if (!path.includes('group')) return
      await page.getByText('In force now').click()
      await page.getByRole('heading', { name: 'Votes' }).waitFor()
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: 'Bounds …' }).click()
      expect(await violations(page)).toEqual([])
    },
  )

  it.each(PAGES)('fits a phone: %s', async (path) => {
    const context = { viewport: { width: 360, height: 740 } }
    const long = refOf(`a_group_with_a_name_that_never_ends_${'x'.repeat(60)}`)
    const groups = [
      groupOf({ ref: HEAVY, workers: ['busy', 'busy', 'starting', 'retiring'], waiting: 7, active: 2 }),
      groupOf({
        ref: long,
        workers: Array.from({ length: 30 }, () => 'busy'),
        waiting: 123_456,
        active: 30,
        max: 40,
      }),
    ]
    const { page, demo } = await open(path, { groups, context })
    tellGrowth(demo, HEAVY, Date.now())
    await isComplete(page, path)
    const width = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await width()).toBe(360)
    if (!path.includes('group')) return
    await page.getByText('In force now').click()
    await page.getByRole('heading', { name: 'Votes' }).waitFor()
    expect(await width()).toBe(360)
    await page.getByRole('button', { name: 'Pause …' }).click()
    await page.screenshot({ path: artefact('dashboard-phone') })
    expect(await width()).toBe(360)
  })

  it('can be walked with the keyboard alone', async () => {
    const { page } = await open()
    await page.getByRole('link', { name: 'worker_heavy' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    for (const name of ['worker_light', 'worker_medium', 'worker_heavy']) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(name)
    }
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'worker_heavy' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Pause worker_heavy' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Pause …')
  })
})

describe.skipIf(program === undefined)('the platform', () => {
  const open = useBrowser(program)

  it('shows the health of services, who needs whom, and cost', async () => {
    const { page, errors } = await open('/#/platform')
    const first = page.getByRole('table', { name: 'Health' }).getByRole('row').nth(1)
    await first.getByText('! degraded').waitFor()
    expect((await first.allInnerTexts()).join()).toMatch(
      /^mlflow service\s+! degraded\s+1 of 1 2 restarts\s+0 of 1 pass\s+\d+ s ago\s+check "http" fails for 40 s/,
    )
    await page.getByText(/^e2i: 1 degraded, 1 waiting, \d+ healthy$/).waitFor()
    expect(await page.locator('.graph .node').count()).toBeGreaterThan(20)
    expect(await page.locator('.graph .edge').count()).toBeGreaterThan(20)
    await page.getByText('As a list').click()
    await page.getByText('scheduler needs redis healthy, worker_light healthy').waitFor()
    await page
      .getByText(
        /^Worker groups: 1\.85 USD an hour now, \d+\.\d\d USD today\. All other jobs reserve \d\.\d\d USD/,
      )
      .waitFor()
    await page.screenshot({ path: artefact('dashboard-platform'), fullPage: true })
    expect(errors).toEqual([])
  })
})

describe.skipIf(program === undefined)('the first view', () => {
  const open = useBrowser(program)
  const many = () =>
    Array.from({ length: 200 }, (_, index) =>
      groupOf({
        ref: refOf(`worker_${String(index).padStart(3, '0')}`),
        workers: ['busy', 'busy', 'idle', 'starting'],
        waiting: index,
        active: 2,
        oldestAgeMs: index * 1000,
      }),
    )

  it.each([
    ['3 groups', undefined],
    ['200 groups', many()],
  ] as const)('of %s is small, and soon there', async (what, groups) => {
    const { page } = await open('/', groups === undefined ? {} : { groups })
    await page.getByRole('row').nth(3).waitFor()
    await page.locator('svg.spark').first().waitFor()
    const { bytes, drawnMs } = await page.evaluate(() => ({
      bytes: performance
        .getEntries()
        .reduce((sum, entry) => sum + ('transferSize' in entry ? Number(entry.transferSize) : 0), 0),
      drawnMs: performance.getEntriesByName('drawn')[0]?.startTime,
    }))
    process.stdout.write(
      `dashboard: ${what}: ${Math.round(bytes / 1000)} kB, drawn after ${Math.round(drawnMs ?? 0)} ms\n`,
    )
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThan(200_000)
    expect(drawnMs).toBeLessThan(10_000)
  })

  it('of 200 groups stays smooth while all of them change', async () => {
    const groups = many()
    const { page, demo } = await open('/', { groups })
    await page.getByRole('row', { name: 'worker_199' }).waitFor()
    const frames = page.evaluate(
      () =>
        new Promise<number[]>((resolve) => {
          const taken: number[] = []
          const end = performance.now() + 5000
          let last = performance.now()
          const frame = (now: number): void => {
            taken.push(now - last)
            last = now
            if (now < end) requestAnimationFrame(frame)
            else resolve(taken)
          }
          requestAnimationFrame(frame)
        }),
    )
    for (let round = 1; round <= 25; round++) {
      for (const group of groups)
        demo.scaler.setGroup({ ...group, waiting: (group.waiting ?? 0) + round, decidedSince: Date.now() })
      const { group } = groups[round] ?? { group: HEAVY }
      demo.scaler.emit({ kind: 'observed', group, what: 'x' }, `round ${round}`, Date.now())
      await new Promise((resolve) => setTimeout(resolve, 180))
    }
    const sorted = (await frames).sort((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)
    process.stdout.write(
      `dashboard: 200 groups: frames of ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms\n`,
    )
    await page.getByText('round 25').waitFor()
    await page.getByRole('cell', { name: '224', exact: true }).waitFor()
    expect(at(0.5)).toBeLessThan(250)
  })
})
