import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadStack } from '../../src/adapters/stack-file.ts'
import { runCli } from '../helpers/run-cli.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'drover-init-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const put = (name: string, text: string | Buffer) => {
  mkdirSync(join(cwd, name, '..'), { recursive: true })
  writeFileSync(join(cwd, name), text)
}
const get = (name: string) => readFileSync(join(cwd, name), 'utf8')
const init = (...args: string[]) => runCli(['init', ...args], { cwd })
const WEB =
  'name: app\nservices:\n  web:\n    image: nginx:1.27\n    container_name: w\n    ports: ["80:80"]\n    healthcheck: {test: "curl localhost/"}\n'

describe('drover init', () => {
  it('writes a stack that can be rendered, and says what became of the keys', async () => {
    put('compose.yml', WEB)
    const { code, stdout, stderr } = await init('--from', 'compose.yml')
    expect(code).toBe(0)
    expect(stdout).toMatch(/KEYS OF +MAPPED +APPROXIMATED +DROPPED +REPLACED\n.*compose.yml +4 +0 +1 +0\n/)
    expect(stderr).toMatch(/Dropped:\n {2}web container_name: Nomad names containers/)
    expect(stderr).toMatch(/To check:\n {2}One node, like compose/)
    expect(stderr).toMatch(/stack.yml is written and valid\.\n$/)
    expect(get('stack.yml')).toMatch(
      /^# Made by drover init from compose.yml. From here on it is yours to edit.\n#\nname: app\n/,
    )
    expect(loadStack({ file: join(cwd, 'stack.yml') }).stack.jobs.map(({ name }) => name)).toEqual(['web'])
  })

  it('takes several files, an autoscale file, an env file and a profile', async () => {
    put(
      'compose.yml',
      `${WEB}    environment: {LEVEL: "\${LEVEL}", A_PASSWORD: "\${A_PASSWORD}"}\n  w:\n    image: w:1\n    command: celery -A app worker -Q q -c 1\n  dbg:\n    image: d:1\n    ports: ["1:1"]\n    profiles: [debug]\n`,
    )
    put('prod.yml', 'services:\n  web:\n    image: nginx:2\n')
    put('autoscale.yml', 'workers:\n  w: {queues: [q], min_replicas: 0, max_replicas: 7}\n')
    put('my.env', 'LEVEL=loud\nA_PASSWORD=hunter2\n')
    const { code, stderr } = await init(
      '--from',
      'compose.yml',
      'prod.yml',
      '--autoscale',
      'autoscale.yml',
      '--env-file',
      'my.env',
      '--profile',
      'other',
      '--report',
      'out/report.md',
      '--out',
      'out/s.yml',
    )
    expect(code).toBe(0)
    const text = get('out/s.yml')
    for (const part of ['image: nginx:2', 'LEVEL: loud', 'max: 7', '{ secret: a_password }'])
      expect(text).toContain(part)
    expect(text).not.toContain('dbg')
    expect(get('out/report.md')).toMatch(/^# What became of the compose files\n/)
    expect(text + get('out/report.md') + stderr).not.toContain('hunter2')
    expect(stderr).toContain('nomad var put nomad/jobs a_password=...')
  })

  it('paths of embedded files start at the stack file', async () => {
    put('docker/compose.yml', `${WEB}    volumes: ["./web.conf:/etc/web.conf:ro"]\n`)
    put('docker/web.conf', 'plain')
    expect((await init('--from', 'docker/compose.yml', '--out', 'deploy/prod/stack.yml')).code).toBe(0)
    expect(get('deploy/prod/stack.yml')).toContain('/etc/web.conf: { source: ../../docker/web.conf }')
    expect(
      loadStack({ file: join(cwd, 'deploy/prod/stack.yml') }).stack.jobs[0]?.main.files[0]?.content,
    ).toEqual(['plain'])
  })

  it('prints the stack with --out -', async () => {
    put('compose.yml', WEB)
    const { code, stdout } = await init('--from', 'compose.yml', '--out', '-')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^# Made by drover init[\s\S]*image: nginx:1.27/)
    expect(readdirSync(cwd)).toEqual(['compose.yml'])
  })

  it('prints the report as JSON with --json', async () => {
    put('compose.yml', WEB)
    const { code, stdout, stderr } = await init('--from', 'compose.yml', '--json')
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const { counts, keys, secrets, assumptions, out } = JSON.parse(stdout)
    expect(counts).toEqual({ mapped: 4, approximated: 0, dropped: 1, replaced: 0 })
    expect(keys[1]).toMatchObject({
      service: 'web',
      key: 'image',
      state: 'mapped',
      to: 'services.web.image',
      position: { line: 4 },
    })
    expect([secrets, assumptions.length > 2, out]).toEqual([[], true, 'stack.yml'])
  })

  it('writes over no file without --force, and over both with it', async () => {
    put('compose.yml', WEB)
    put('stack.yml', 'mine')
    const refused = await init('--from', 'compose.yml', '--report', 'r.md')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(
      /stack.yml is there already; nothing was written. Give another name, or --force/,
    )
    expect([get('stack.yml'), existsSync(join(cwd, 'r.md'))]).toEqual(['mine', false])
    expect((await init('--from', 'compose.yml', '--force')).code).toBe(0)
    expect(get('stack.yml')).toContain('nginx')
  })

  it('tells of a stack that needs a hand, after it is written', async () => {
    put('compose.yml', `${WEB}  other:\n    image: o:1\n    ports: ["80:81"]\n`)
    const { code, stderr } = await init('--from', 'compose.yml')
    expect(code).toBe(3)
    expect(stderr).toMatch(/stack.yml is written, but needs your hand before it can be rendered/)
    expect(stderr).toMatch(/stack.yml:\d+:\d+ services.other.ports.*already taken/)
    expect(existsSync(join(cwd, 'stack.yml'))).toBe(true)
  })
})

describe('drover init with bad input writes nothing and says why in one line each', () => {
  it.each<[what: string, files: Record<string, string | Buffer>, args: string[], code: number, line: RegExp]>(
    [
      ['no file', {}, ['--from', 'none.yml'], 2, /none.yml does not exist/],
      ['a directory', { 'd/x': '' }, ['--from', 'd'], 2, /d is a directory/],
      ['no --from', {}, [], 2, /--from is missing/],
      ['an empty file', { 'c.yml': '\n' }, ['--from', 'c.yml'], 3, /c.yml is empty/],
      ['broken YAML', { 'c.yml': 'services:\n  a: [\n' }, ['--from', 'c.yml'], 3, /c.yml:\d+:\d+ .*/],
      ['a list', { 'c.yml': '- a\n' }, ['--from', 'c.yml'], 3, /c.yml:1:1/],
      ['no services', { 'c.yml': 'services: {}\n' }, ['--from', 'c.yml'], 3, /there are no services/],
      [
        'an unknown key',
        { 'c.yml': 'services:\n  a:\n    image: a:1\n    imagee: b\n' },
        ['--from', 'c.yml'],
        3,
        /c.yml:4:5 services.a.imagee: .*did you mean "image"/,
      ],
      [
        'no image',
        { 'c.yml': 'services:\n  a:\n    restart: always\n' },
        ['--from', 'c.yml'],
        3,
        /neither an image nor a build/,
      ],
      [
        'an image without its tag',
        { 'c.yml': 'services:\n  a:\n    image: "a:${TAG:?}"\n' },
        ['--from', 'c.yml'],
        3,
        /c.yml:3:5 services.a.image: image needs the value of TAG/,
      ],
      [
        'a port without its number',
        { 'c.yml': 'services:\n  a:\n    image: a:1\n    ports: ["${P}:80"]\n' },
        ['--from', 'c.yml'],
        3,
        /needs the value of P/,
      ],
      [
        'a missing env file',
        { 'c.yml': WEB },
        ['--from', 'c.yml', '--env-file', 'x.env'],
        2,
        /x.env does not exist/,
      ],
      [
        'a bad env file',
        { 'c.yml': WEB, 'x.env': '1=2 =\n' },
        ['--from', 'c.yml', '--env-file', 'x.env'],
        3,
        /x.env:1/,
      ],
      [
        'a missing autoscale file',
        { 'c.yml': WEB },
        ['--from', 'c.yml', '--autoscale', 'a.yml'],
        2,
        /a.yml does not exist/,
      ],
      [
        'a wrong autoscale file',
        { 'c.yml': WEB, 'a.yml': 'workers:\n  w: {queues: [], min_replicas: 2, max_replicas: 1}\n' },
        ['--from', 'c.yml', '--autoscale', 'a.yml'],
        3,
        /a.yml:2:\d+ workers.w/,
      ],
      ['bytes', { 'c.yml': Buffer.from([0xff, 0xfe, 0x00]) }, ['--from', 'c.yml'], 3, /c.yml/],
      ['10 MB', { 'c.yml': Buffer.alloc(10 * 1024 ** 2, 'a') }, ['--from', 'c.yml'], 2, /larger than/],
      [
        'out in a file',
        { 'c.yml': WEB, f: '' },
        ['--from', 'c.yml', '--out', 'f/stack.yml'],
        2,
        /cannot write|not/,
      ],
      [
        'out is a directory',
        { 'c.yml': WEB, 'd/x': '' },
        ['--from', 'c.yml', '--out', 'd'],
        2,
        /d is a directory/,
      ],
    ],
  )('%s', async (_, files, args, code, line) => {
    for (const [name, text] of Object.entries(files)) put(name, text)
    const before = readdirSync(cwd, { recursive: true }).sort()
    const { code: found, stderr, stdout } = await init(...args)
    expect(stderr).toMatch(line)
    expect(found).toBe(code)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
    expect(readdirSync(cwd, { recursive: true }).sort()).toEqual(before)
  })

  it.skipIf(process.getuid?.() === 0)('a folder that cannot be written', async () => {
    put('compose.yml', WEB)
    mkdirSync(join(cwd, 'ro'))
    chmodSync(join(cwd, 'ro'), 0o555)
    const { code, stderr } = await init('--from', 'compose.yml', '--out', 'ro/stack.yml')
    expect([code, /permission denied/.test(stderr)]).toEqual([2, true])
  })
})
