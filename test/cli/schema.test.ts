import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../helpers/run-cli.ts'

const REPOSITORY = join(import.meta.dirname, '../..')

describe('drover schema', () => {
  it('is what the repository holds, and what stack.yml points editors at', async () => {
    const { code, stdout, stderr } = await runCli(['schema'])
    expect([code, stderr]).toEqual([0, ''])
    expect(readFileSync(join(REPOSITORY, 'schema/stack.schema.json'), 'utf8')).toBe(stdout)
    expect(readFileSync(join(REPOSITORY, 'stack.yml'), 'utf8').split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./schema/stack.schema.json',
    )
  })

  it('describes every key that a person can write', async () => {
    const schema = JSON.parse((await runCli(['schema'])).stdout)
    expect(schema).toMatchObject({
      $schema: expect.stringContaining('2020-12'),
      title: 'Drover stack',
      type: 'object',
      required: ['name'],
      additionalProperties: false,
    })
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining([
        'services',
        'workers',
        'batch',
        'periodic',
        'system',
        'secrets',
        'networks',
        'volumes',
      ]),
    )
  })

  it('says the same with --json', async () => {
    const [plain, json] = [await runCli(['schema']), await runCli(['schema', '--json'])]
    expect(JSON.parse(json.stdout)).toEqual(JSON.parse(plain.stdout))
  })
})
