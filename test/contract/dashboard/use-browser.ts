import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { GroupReport } from '../../../scaler/reports.ts'
import { openBrowser, openDrawn } from '../../helpers/browser.ts'
import { type Demo, startDemo } from './demo.ts'

export interface Opened {
  readonly page: Page
  readonly demo: Demo
  /** What the page logged as an error, and every address that it asked for. */
  readonly errors: string[]
  readonly requests: string[]
}

/** A browser for the tests of a file; each test opens a page over a daemon's server of its own. */
export function useBrowser(program: string | undefined) {
  let browser: Browser | undefined
  const open: { close(): Promise<void> }[] = []
  beforeAll(async () => {
    if (program !== undefined) browser = await openBrowser(program)
  })
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close()
  })
  afterAll(async () => {
    await browser?.close()
  })
  return async (
    path = '/',
    options: { groups?: readonly GroupReport[]; context?: BrowserContextOptions } = {},
  ): Promise<Opened> => {
    if (browser === undefined) throw new Error('no browser')
    const demo = await startDemo(options.groups)
    open.push(demo)
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options.context })
    open.push(context)
    const page = await context.newPage()
    const errors: string[] = []
    const requests: string[] = []
    page.on('console', (message) => {
      const text = message.text()
      if (message.type() === 'error' && !text.includes('ERR_NETWORK_CHANGED')) errors.push(text)
    })
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('request', (request) => requests.push(request.url()))
    if (!(await openDrawn(page, `${demo.url}${path}`)))
      throw new Error(`the page stays empty: ${errors.join('; ')}`)
    return { page, demo, errors, requests }
  }
}
