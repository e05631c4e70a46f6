import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defineCommand } from '../../../src/cli/command.ts'
import type { CommandEntry } from '../../../src/cli/commands/index.ts'
import { completeJobs } from '../../../src/cli/completion/complete-jobs.ts'
import { runCli } from '../../helpers/run-cli.ts'

const render = defineCommand({
  arguments: { shape: { type: 'string', choices: ['round', 'square'], describe: 'Shape' } },
  options: {
    stack: { type: 'string', describe: 'The stack file' },
    job: { type: 'string', array: true, describe: 'Only these jobs', complete: completeJobs },
    format: { type: 'string', alias: 'f', choices: ['hcl', 'json'], describe: 'Format' },
    check: { type: 'boolean', describe: 'Compare' },
    secret: { type: 'boolean', hidden: true, describe: 'Not told' },
  },
  examples: [],
  run: async () => 0,
})

const commands: readonly CommandEntry[] = [
  { name: 'render', describe: 'Write', example: ['render', ''], load: async () => ({ default: render }) },
  {
    name: 'validate',
    describe: 'Check',
    example: ['validate', ''],
    load: () => Promise.reject(new Error('broken')),
  },
]

let cwd = ''
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'drover-complete-'))
  writeFileSync(
    join(cwd, 'stack.yml'),
    'name: a\nservices:\n  redis: {}\n  api:\nworkers: { worker_light: {} }\n',
  )
  writeFileSync(join(cwd, 'other.yml'), 'services: { mlflow: {} }\n')
})
afterAll(() => rmSync(cwd, { recursive: true }))

const complete = (words: readonly string[]) => runCli(['__complete', ...words], { commands, cwd })

describe('completion', () => {
  const GLOBAL = ['--json', '--no-color', '--help', '--version']
  const OWN = ['--stack', '--job', '--format', '--check']

  it.each<[typed: string[], offered: string[]]>([
    [[''], ['render', 'validate']],
    [['re'], ['render']],
    [['--'], GLOBAL],
    [
      ['--json', ''],
      ['render', 'validate'],
    ],
    [['--json', '--j'], []],
    [['nothing', ''], []],
    [
      ['render', ''],
      ['round', 'square'],
    ],
    [['render', 's'], ['square']],
    [
      ['render', 'square', ''],
      [...OWN, ...GLOBAL],
    ],
    [
      ['render', '-'],
      [...OWN, ...GLOBAL],
    ],
    [['render', '--check', '--c'], []],
    [['render', '--job', 'redis', '--jo'], ['--job']],
    [
      ['render', '--format', ''],
      ['hcl', 'json'],
    ],
    [['render', '-f', 'j'], ['json']],
    [
      ['render', '--format', '='],
      ['hcl', 'json'],
    ],
    [['render', '--format', '=', 'h'], ['hcl']],
    [['render', '--format', 'hcl', 'r'], ['round']],
    [['render', '--stack', ''], []],
    [
      ['render', '--job', ''],
      ['redis', 'api', 'worker_light'],
    ],
    [['render', '--job', 'api', 'w'], ['worker_light']],
    [['render', '--stack', 'other.yml', '--job', ''], ['mlflow']],
    [['render', '--stack', 'missing.yml', '--job', ''], []],
    [
      ['render', '--check', ''],
      ['round', 'square'],
    ],
    [['validate', ''], []],
  ])('after %j offers %j', async (typed, offered) => {
    const { code, stdout, stderr } = await complete(typed)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t')[0]),
    ).toEqual(offered)
  })

  it('tells what a word means after a tab', async () => {
    expect((await complete(['r'])).stdout).toBe('render\tWrite\n')
    expect((await complete(['render', '--jo'])).stdout).toBe('--job\tOnly these jobs\n')
  })
})
