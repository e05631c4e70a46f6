import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startRenderSession } from '../../src/adapters/render-session.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-session-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const stack = (image: string, more = '') => `name: shop
services:
  api: { image: "${image}", ports: { http: 80 }, checks: [{ type: tcp }] ${more} }
  web: { image: w:1, env: { API: { service: api, port: http } }, checks: [{ type: script, command: x }] }
`

describe('a render session', () => {
  it('renders a changed stack as a new session would, and a job that did not change as before', async () => {
    const file = join(folder, 'stack.yml')
    const session = await startRenderSession()
    const steps = [
      stack('a:1'),
      stack('a:2'),
      stack('a:2', ', publish: [1]'),
      stack('a:2', ', count: 3'),
      stack('a:1'),
    ]
    for (const text of steps) {
      writeFileSync(file, text)
      const texts = (one: typeof session) => {
        try {
          return one.render({ file }, {}).files.map(({ path, text: rendered }) => [path, rendered])
        } catch (error) {
          return (error as Error).message
        }
      }
      expect(texts(session)).toEqual(texts(await startRenderSession()))
    }
  })

  it('renders other jobs, formats and environments of the same stack', async () => {
    const file = join(folder, 'stack.yml')
    writeFileSync(file, stack('a:1'))
    writeFileSync(join(folder, 'stack.dev.yml'), 'services: { api: { image: "dev:1" } }\n')
    const session = await startRenderSession()
    const text = (location: object, options: object) =>
      session
        .render({ file, ...location }, { only: ['api'], ...options })
        .files.map((one) => one.text)
        .join()
    expect(text({}, {})).toContain('image = "a:1"')
    expect(text({}, { format: 'json' })).toContain('"image": "a:1"')
    expect(text({ environment: 'dev' }, {})).toContain('image = "dev:1"')
    expect(text({}, {})).toContain('image = "a:1"')
  })
})
