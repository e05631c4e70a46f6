import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { takesGzip } from '../../../scaler/server/compress.ts'
import { HEAVY, reportOf } from '../fake-scaler.ts'
import { aServer } from './a-server.ts'

const FOLDER = join(import.meta.dirname, '../../../scaler/dashboard')
const files = readdirSync(FOLDER)
const { app } = aServer()
afterAll(() => app.close())
const HTML = { accept: 'text/html,application/xhtml+xml' }

describe('the page', () => {
  it('is there for browsers, and the links for programs', async () => {
    const page = await app.inject({ url: '/', headers: HTML })
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.body).toBe(readFileSync(join(FOLDER, 'index.html'), 'utf8'))
    const links = await app.inject('/')
    expect(links.json().links).toContain('/v1/platform')
    for (const { headers } of [page, links]) expect(headers.vary).toContain('accept')
  })

  it.each(['/', '/assets/app.js', '/assets/page.css', '/assets/uplot.js'])(
    '%s runs and loads nothing but its own, and is shown in no frame',
    async (url) => {
      const { headers } = await app.inject({ url, headers: HTML })
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|https?:|\*/)
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
      expect(headers).not.toHaveProperty('access-control-allow-origin')
    },
  )

  it('names no address of elsewhere, and has no script or style in itself', () => {
    for (const name of files) {
      const text = readFileSync(join(FOLDER, name), 'utf8').replaceAll('http://www.w3.org/2000/svg', '')
      expect([name, /(?:https?:)?\/\/[a-z]+\.[a-z]/.test(text)]).toEqual([name, false])
      expect([name, /innerHTML|insertAdjacentHTML|outerHTML|document\.write|\beval\(/.test(text)]).toEqual([
        name,
        false,
      ])
    }
    const index = readFileSync(join(FOLDER, 'index.html'), 'utf8')
    expect(index).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/)
  })

  it('asks at once for every module that it is made of', () => {
    const index = readFileSync(join(FOLDER, 'index.html'), 'utf8')
    const modules = files.filter((name) => name.endsWith('.js'))
    expect(modules.filter((name) => !index.includes(`"assets/${name}"`))).toEqual([])
  })
})

describe('a file of the page', () => {
  it.each(files)('%s is served', async (name) => {
    const { statusCode, rawPayload } = await app.inject(`/assets/${name}`)
    expect(statusCode).toBe(200)
    expect(rawPayload.equals(readFileSync(join(FOLDER, name)))).toBe(true)
  })

  it('is compressed for those who take it, and not sent again', async () => {
    const plain = await app.inject('/assets/app.js')
    const zipped = await app.inject({ url: '/assets/app.js', headers: { 'accept-encoding': 'gzip, br' } })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(zipped.rawPayload).equals(plain.rawPayload)).toBe(true)
    expect(zipped.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'accept-encoding' })
    const etag = String(plain.headers.etag)
    const again = await app.inject({ url: '/assets/app.js', headers: { 'if-none-match': etag } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    const other = await app.inject({ url: '/assets/app.js', headers: { 'if-none-match': '"x"' } })
    expect(other.statusCode).toBe(200)
  })

  it.each(['nothing.js', '..%2Fdeps.ts', '%2e%2e%2f%2e%2e%2fpackage.json', '__proto__', 'constructor'])(
    '%s is none',
    async (name) => {
      const { statusCode, body } = await app.inject(`/assets/${name}`)
      expect(statusCode).toBe(404)
      expect(body).toContain('"USAGE"')
    },
  )
})

describe('long answers', () => {
  const many = Array.from({ length: 50 }, (_, index) => reportOf({ ...HEAVY, job: `job${index}` }))

  it('are compressed for those who take it', async () => {
    const server = aServer({}, many)
    const zipped = await server.app.inject({ url: '/v1/groups', headers: { 'accept-encoding': 'gzip' } })
    const plain = await server.app.inject('/v1/groups')
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(JSON.parse(gunzipSync(zipped.rawPayload).toString())).toEqual(plain.json())
    expect(plain.headers).toMatchObject({ vary: 'accept-encoding', 'cache-control': 'no-store' })
    expect(plain.headers).not.toHaveProperty('content-encoding')
    expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 5)
    await server.app.close()
  })

  it.each([
    [undefined, false],
    ['', false],
    ['br', false],
    ['gzip', true],
    ['GZIP', true],
    ['deflate, gzip;q=0.5, br', true],
    ['gzip;q=1.0', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, br', false],
    ['xgzip', false],
  ])('Accept-Encoding: %s takes gzip: %s', (header, takes) => {
    expect(takesGzip(header)).toBe(takes)
  })
})
