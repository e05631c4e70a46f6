import { describe, expect, it } from 'vitest'
import { inFolder, STACK } from './in-folder.ts'

const folder = inFolder()
const WARNED = STACK.replace('api:1', 'api:latest')
const BAD = `${WARNED}services2: {}\n`

describe('drover validate', () => {
  it('says that a stack is valid', async () => {
    folder.write({ 'stack.yml': STACK })
    expect(await folder.run('validate')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'stack.yml is valid: 3 jobs\n',
    })
  })

  it('a valid stack may have warnings, each ending in the code that silences it', async () => {
    folder.write({ 'stack.yml': WARNED })
    const { code, stderr } = await folder.run('validate')
    expect(code).toBe(0)
    expect(stderr).toMatch(
      /^stack\.yml:10:12 services\.api\.image: .* \(.*\) \[image-latest\]\n1 warning\nstack\.yml is valid: 3 jobs\n$/,
    )
    folder.write({ 'stack.yml': WARNED.replace('silence: {', 'silence: { image-latest: Because.,') })
    expect((await folder.run('validate')).stderr).toBe('stack.yml is valid: 3 jobs\n')
  })

  it('exits 3 on errors, which come first', async () => {
    folder.write({ 'stack.yml': WARNED.replace('[db]', '[bd]') })
    const { code, stderr } = await folder.run('validate')
    expect(code).toBe(3)
    expect(stderr.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'drover: stack.yml',
      'stack.yml:11:18 services.api.depends_on[0]:',
      'stack.yml:10:12 services.api.image:',
      '1 error,',
      '',
    ])
  })

  it('--env: with the overlay over it', async () => {
    folder.write({ 'stack.yml': STACK, 'stack.dev.yml': 'services: { api: { depends_on: [nobody] } }\n' })
    expect((await folder.run('validate')).code).toBe(0)
    const { code, stderr } = await folder.run('validate --env dev')
    expect(code).toBe(3)
    expect(stderr).toContain('stack.dev.yml:1:33 services.api.depends_on[0]: no job "nobody" in this stack')
  })

  it('--json: valid or not is data', async () => {
    folder.write({ 'stack.yml': WARNED })
    const valid = await folder.run('validate --json')
    expect([valid.code, valid.stderr]).toEqual([0, ''])
    expect(JSON.parse(valid.stdout)).toEqual({
      valid: true,
      stack: 'shop',
      jobs: 3,
      issues: [
        expect.objectContaining({
          severity: 'warning',
          code: 'image-latest',
          path: ['services', 'api', 'image'],
          position: expect.objectContaining({ line: 10, column: 12 }),
        }),
      ],
    })
    folder.write({ 'stack.yml': BAD })
    const invalid = await folder.run('validate --json')
    expect([invalid.code, invalid.stderr]).toEqual([3, ''])
    expect(JSON.parse(invalid.stdout)).toEqual({
      valid: false,
      message: 'stack.yml has an error',
      issues: [expect.objectContaining({ severity: 'error', code: 'unknown-key', path: ['services2'] })],
    })
  })

  it('--json: what is no stack at all is an error', async () => {
    const { code, stdout, stderr } = await folder.run('validate --json')
    expect([code, stdout]).toEqual([2, ''])
    expect(JSON.parse(stderr)).toMatchObject({ code: 'USAGE' })
  })
})
