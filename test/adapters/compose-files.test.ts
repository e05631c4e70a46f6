import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readComposeFiles } from '../../src/adapters/compose-files.ts'
import type { ComposeModel } from '../../src/core/compose/model.ts'
import { resolveParts } from '../../src/core/compose/parts.ts'
import { formatIssue } from '../../src/core/issue.ts'
import { DroverError } from '../../src/errors.ts'
import { bare } from '../core/compose/read-texts.ts'

const FOLDER = 'test/fixtures/compose'
const BASE = `${FOLDER}/compose.yml`

const read = (options: Parameters<typeof readComposeFiles>[0]) => {
  const { model, issues } = readComposeFiles(options)
  return { model: model as ComposeModel, lines: issues.map(formatIssue) }
}

/** A folder with these files; names end in what they are. */
const folderWith = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-compose-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

describe('readComposeFiles', () => {
  it('reads files with what they extend, include and load', () => {
    const { model, lines } = read({ files: [BASE] })
    expect(lines).toEqual([])
    expect(Object.keys(model.services).sort()).toEqual(['probe', 'store', 'web'])
    expect(bare(model.services.store)).toMatchObject({
      image: 'redis:7',
      command: ['redis-server', '--requirepass', '', '--save', '60 1'],
      ports: [{ target: 6379, published: 6379, hostIp: '127.0.0.1', protocol: 'tcp' }],
      healthcheck: {
        test: { kind: 'shell', command: ['redis-cli ping | grep PONG'] },
        intervalMs: 10_000,
        retries: 5,
      },
      logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
    })
    expect(bare(model.services.web)).toMatchObject({
      build: { context: './app', target: 'run' },
      command: ['serve', '--cost', '$5'],
      volumes: [
        { type: 'bind', source: './common/settings.ini', target: '/etc/settings.ini', readOnly: true },
      ],
      environment: { MODE: 'production', GREETING: 'Hello, world', STORE_URL: 'redis://:@store:6379/0' },
      dependsOn: { store: { condition: 'healthy' } },
    })
    expect(bare(model.services.probe)).toMatchObject({
      profiles: ['debug'],
      volumes: [{ source: './tools/targets' }],
    })
    expect(model.env).toEqual({ STORE_PASSWORD: 'not-a-real-one', PROBE_TAG: '2' })
    expect(model.services.store?.comment).toBe('Keeps carts and queues')
    expect(model.services.store?.ports[0]?.comment).toBe('only for this host')
  })

  it('never bakes a variable into the model', () => {
    const { model } = read({ files: [BASE] })
    const { env, ...rest } = model
    expect(JSON.stringify(rest)).not.toContain('not-a-real-one')
    expect(resolveParts(model.services.web?.environment.STORE_URL?.value ?? [], env)).toBe(
      'redis://:not-a-real-one@store:6379/0',
    )
  })

  it('lays files over each other', () => {
    const { model, lines } = read({ files: [BASE, `${FOLDER}/compose.test.yml`] })
    expect(lines).toEqual([])
    expect(bare(model.services.web)).toMatchObject({
      ports: [{ target: 80, published: 8081 }],
      environment: { MODE: 'test' },
      dependsOn: { store: { condition: 'healthy' }, probe: { condition: 'started' } },
    })
    expect(model.services.web).not.toHaveProperty('logging')
  })

  it('takes env files instead of .env, the later ones winning, and the given values before all', () => {
    const { model } = read({
      files: [BASE],
      envFiles: [`${FOLDER}/.env`, `${FOLDER}/env/other.env`],
      env: { REDIS_TAG: '9' },
    })
    expect(model.env).toMatchObject({ STORE_PASSWORD: 'another', REDIS_TAG: '9' })
  })

  it('reports what is required and not given', () => {
    const { lines } = read({ files: [BASE], envFiles: [] })
    expect(lines).toEqual([
      `${BASE}:15:5 services.store.command: STORE_PASSWORD is required and not set, used in 2 places: set a password (put STORE_PASSWORD= into a file and give it with --env-file)`,
    ])
  })

  it('reports files that others name at the place that names them', () => {
    const folder = folderWith({
      'c.yml':
        'include: [gone.yml, empty.yml]\nservices:\n  a: {image: i, env_file: [no.env, {path: no2.env, required: false}], extends: {file: ., service: x}}\n',
      'empty.yml': ' \n',
    })
    const { lines } = read({ files: [`${folder}/c.yml`] })
    expect(lines.map((line) => line.replaceAll(`${folder}/`, '').replaceAll(folder, 'FOLDER'))).toEqual([
      'c.yml:1:11 include: gone.yml does not exist',
      'c.yml:1:21 include: empty.yml is empty',
      'c.yml:3:28 services.a.env_file[0]: no.env does not exist (create it, or say "required: false")',
      expect.stringMatching(/^c\.yml:3:\d+ services\.a\.extends: FOLDER is a directory, not a file$/),
    ])
  })

  it.each<[string, string, (folder: string) => void]>([
    ['a missing file', 'USAGE', () => {}],
    ['a directory', 'USAGE', (folder) => mkdirSync(join(folder, 'c.yml'))],
    ['an empty file', 'STACK_INVALID', (folder) => writeFileSync(join(folder, 'c.yml'), '')],
    [
      'a file that is not UTF-8',
      'STACK_INVALID',
      (folder) => writeFileSync(join(folder, 'c.yml'), Buffer.from([0x61, 0xff])),
    ],
  ])('refuses %s', (_, code, make) => {
    const folder = folderWith({})
    make(folder)
    expect(() => readComposeFiles({ files: [`${folder}/c.yml`] })).toThrow(DroverError)
    expect(() => readComposeFiles({ files: [`${folder}/c.yml`] })).toThrow(expect.objectContaining({ code }))
  })

  it('survives aliases that would grow without end', () => {
    const lines = ['x-a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'])
      lines.push(`x-${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`)
    const folder = folderWith({ 'c.yml': `${lines.join('\n')}\nservices: {a: {image: i}}\n` })
    expect(read({ files: [`${folder}/c.yml`] }).lines).toEqual([expect.stringContaining('aliases such as')])
  })
})
