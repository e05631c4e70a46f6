import { afterEach, describe, expect, it, vi } from 'vitest'
import { defineCommand } from '../../src/cli/command.ts'
import { COMMANDS, type CommandEntry } from '../../src/cli/commands/index.ts'
import type { Context } from '../../src/cli/context.ts'
import { VERSION } from '../../src/cli/version.ts'
import { DroverError, type ErrorCode } from '../../src/errors.ts'
import { runCli } from '../helpers/run-cli.ts'

const run = vi.fn(async (_args: unknown, _context: Context) => 0)

const render = defineCommand({
  options: {
    'stack-file': { type: 'string', default: 'stack.yml', value: 'FILE', describe: 'The stack file' },
    job: { type: 'string', array: true, value: 'NAME', describe: 'Only these jobs' },
    format: { type: 'string', choices: ['hcl', 'json'], default: 'hcl', describe: 'Format of the files' },
    width: { type: 'number', alias: 'w', describe: 'Width of a line' },
    check: { type: 'boolean', default: false, describe: 'Say what would change' },
  },
  arguments: { extra: { type: 'string', describe: 'More' } },
  examples: [['render --check', 'say what would change']],
  run: (args, context) => run(args, context),
})

const load = vi.fn(async () => ({ default: render }))
const commands: readonly CommandEntry[] = [
  { name: 'render', describe: 'Write the job specs', example: ['render', 'write all'], load },
  { name: 'validate', describe: 'Check the stack', example: ['validate', 'check'], load },
]

const cli = (line: string, surroundings = {}) =>
  runCli(line.split(' ').filter(Boolean), { commands, ...surroundings })

afterEach(() => {
  run.mockReset().mockResolvedValue(0)
  load.mockClear()
})

describe('help', () => {
  it.each(['--help', '-h', '--no-color --help', '--help --json'])(
    'drover %s lists the commands and loads none',
    async (line) => {
      const { code, stdout, stderr } = await cli(line)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^ {2}render {4}Write the job specs$/m)
      expect(stdout).toMatch(/^ {2}drover validate {2}check$/m)
      expect(stdout).toMatch(/^ {2}130 {2}interrupted$/m)
      expect(load).not.toHaveBeenCalled()
    },
  )

  it.each(['render --help', 'help render', 'render -h', '--help render', 'render --help --chek'])(
    'drover %s shows the options and examples of the command, and runs nothing',
    async (line) => {
      const { code, stdout } = await cli(line)
      expect(code).toBe(0)
      expect(stdout).toMatchInlineSnapshot(`
        "Write the job specs.

        Usage: drover render [EXTRA] [options]

        Arguments:
          EXTRA  More

        Options:
          --stack-file FILE  The stack file (default: stack.yml)
          --job NAME...      Only these jobs
          --format hcl|json  Format of the files (default: hcl)
          -w, --width N      Width of a line
          --check            Say what would change

        Examples:
          drover render --check  say what would change

        Options of every command:
          --json      Print JSON: data on stdout, errors on stderr
          --no-color  Colour on a terminal; NO_COLOR=1 switches it off too
          -h, --help  Show help and examples
          --version   Show the version
        "
      `)
      expect(run).not.toHaveBeenCalled()
    },
  )

  it('wraps to the width of the terminal', async () => {
    const { stdout } = await cli('render --help', { columns: 50 })
    const longest = Math.max(...stdout.split('\n').map((line) => line.length))
    expect(longest).toBeLessThanOrEqual(50)
  })

  it('shows the version, and does nothing else', async () => {
    expect(await cli('--version')).toEqual({ code: 0, stdout: `drover ${VERSION}\n`, stderr: '' })
    expect(await cli('render --version')).toEqual({ code: 0, stdout: `drover ${VERSION}\n`, stderr: '' })
    expect(run).not.toHaveBeenCalled()
    expect((await cli('--json --version')).stdout).toBe(`{\n  "version": "${VERSION}"\n}\n`)
  })

  it.each(COMMANDS.map((entry) => entry.name))(
    'of the real command %s has examples that it takes itself',
    async (name) => {
      const entry = COMMANDS.find((one) => one.name === name)
      const module = (await entry?.load())?.default
      const examples = [...(module?.examples ?? []), ...(entry ? [entry.example] : [])]
      expect(examples.length).toBeGreaterThan(1)
      for (const [line] of examples) {
        const words = line.split(' > ')[0]?.split(' ') ?? []
        expect(words[0]).toBe(name)
        // With --help the line is parsed and checked by name, but nothing runs.
        const flags = words
          .filter((word) => word.startsWith('--'))
          .map((word) => word.replace(/^--(no-)?|=.*$/g, ''))
        expect(Object.keys({ ...module?.options, json: 1, color: 1 })).toEqual(expect.arrayContaining(flags))
      }
    },
  )
})

describe('what a command gets', () => {
  it('is its values, under their names and in camel case, and nothing else', async () => {
    await cli('render --stack-file a.yml --job x y --job z --width=4 --check -- more')
    expect(run.mock.calls[0]?.[0]).toEqual({
      'stack-file': 'a.yml',
      stackFile: 'a.yml',
      job: ['x', 'y', 'z'],
      format: 'hcl',
      width: 4,
      check: true,
      extra: 'more',
    })
  })

  it('is the exit code it returns', async () => {
    run.mockResolvedValue(7)
    expect((await cli('render')).code).toBe(7)
  })

  it.each([
    ['on a terminal', { isTTY: true }, '\u001b[1mx'],
    ['not in a pipe', { isTTY: false }, 'x'],
    ['not with NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, 'x'],
    ['with an empty NO_COLOR', { isTTY: true, env: { NO_COLOR: '' } }, '\u001b[1mx'],
    ['not on a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, 'x'],
  ])('is colour %s', async (_, surroundings, start) => {
    run.mockImplementation(async (_args, { output }) => {
      output.data(output.colors.bold('x'))
      return 0
    })
    expect((await cli('render', surroundings)).stdout.startsWith(start)).toBe(true)
    expect((await cli('render --no-color', surroundings)).stdout).toBe('x')
  })
})

describe('a wrong command line', () => {
  it.each([
    ['', 'no command is given. drover --help lists them.'],
    ['--no-color', 'no command is given. drover --help lists them.'],
    ['--nope', 'unknown option --nope. See drover --help.'],
    ['--verison', 'unknown option --verison (did you mean --version?). See drover --help.'],
    ['rendr', 'unknown command "rendr". Did you mean render?'],
    ['frobnicate', 'unknown command "frobnicate". drover --help lists the commands.'],
    ['help rendr', 'unknown command "rendr". Did you mean render?'],
    ['render --chek', 'unknown option --chek (did you mean --check?). See drover render --help.'],
    ['render --no-chek', 'unknown option --no-chek (did you mean --check?). See drover render --help.'],
    ['render -q', 'unknown option -q. See drover render --help.'],
    [
      'render --stackFile x',
      'unknown option --stackFile (did you mean --stack-file?). See drover render --help.',
    ],
    ['render --stack-file', '--stack-file needs a value. See drover render --help.'],
    ['render --stack-file=', '--stack-file needs a value. See drover render --help.'],
    ['render --stack-file --check', '--stack-file needs a value. See drover render --help.'],
    [
      'render --stack-file a --stack-file b',
      '--stack-file is given more than once. See drover render --help.',
    ],
    ['render --width x', '--width needs a number. See drover render --help.'],
    ['render --format jsn', '--format cannot be "jsn" (did you mean json?). See drover render --help.'],
    ['render --format xml', '--format cannot be "xml" (it is one of hcl, json). See drover render --help.'],
    ['render a b', 'unexpected argument "b". See drover render --help.'],
    ['render --wat --width x', 'unknown option --wat; --width needs a number. See drover render --help.'],
  ])('drover %s: one line, exit 2', async (line, message) => {
    expect(await cli(line)).toEqual({ code: 2, stdout: '', stderr: `drover: ${message}\n` })
    expect(run).not.toHaveBeenCalled()
  })

  it('is JSON with --json', async () => {
    const { code, stdout, stderr } = await cli('rendr --json')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(JSON.parse(stderr)).toEqual({
      code: 'USAGE',
      message: 'unknown command "rendr"',
      issues: [],
      hint: 'Did you mean render?',
    })
  })
})

describe('an error of a command', () => {
  const issue = { severity: 'error', code: 'bad', path: ['services', 0], message: 'is bad' } as const

  it.each<[ErrorCode, number]>([
    ['USAGE', 2],
    ['STACK_INVALID', 3],
    ['TEMPLATE_FAILED', 4],
    ['UNAVAILABLE', 5],
    ['REJECTED', 6],
  ])('%s exits %i, with its issues and hint and no stack', async (code, exit) => {
    run.mockRejectedValue(new DroverError(code, 'it is so', { issues: [issue], hint: 'Mend it.' }))
    expect(await cli('render')).toEqual({
      code: exit,
      stdout: '',
      stderr: 'drover: it is so. Mend it.\nservices[0]: is bad\n1 error\n',
    })
    const asJson = JSON.parse((await cli('render --json')).stderr)
    expect(asJson).toEqual({ code, message: 'it is so', issues: [issue], hint: 'Mend it.' })
  })

  it.each([
    ['an Error', new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['INTERNAL', new DroverError('INTERNAL', 'cannot be'), 'DroverError: cannot be'],
    ['no Error at all', 'text', 'text'],
  ])('that is a bug (%s) exits 1 with its stack and asks to be reported', async (_, error, first) => {
    run.mockRejectedValue(error)
    const { code, stdout, stderr } = await cli('render')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(`drover: internal error: ${first}`)
    if (error instanceof Error) expect(stderr).toMatch(/^ {4}at .*main\.test\.ts/m)
    expect(stderr).toMatch(/Please report it with the lines above\.\n$/)
    expect(JSON.parse((await cli('render --json')).stderr)).toMatchObject({ code: 'INTERNAL', issues: [] })
  })

  it('in loading it is a bug too', async () => {
    load.mockRejectedValueOnce(new Error('broken file'))
    const { code, stderr } = await cli('render')
    expect(code).toBe(1)
    expect(stderr).toContain('internal error: Error: broken file')
  })
})

describe('an interrupt', () => {
  it('ends a command that does not listen, with 130', async () => {
    const interrupt = new AbortController()
    run.mockImplementation(() => new Promise(() => interrupt.abort()))
    expect(await cli('render', { signal: interrupt.signal })).toEqual({ code: 130, stdout: '', stderr: '' })
  })

  it('lets a command that listens close what it opened, and is 130 whatever that returns or throws', async () => {
    for (const end of [async () => 0, async () => Promise.reject(new Error('closed'))]) {
      const interrupt = new AbortController()
      const closed = vi.fn(end)
      run.mockImplementation(async (_args, { signal }) => {
        const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
        interrupt.abort()
        await aborted
        return closed()
      })
      expect(await cli('render', { signal: interrupt.signal })).toEqual({ code: 130, stdout: '', stderr: '' })
      expect(closed).toHaveBeenCalledOnce()
    }
  })
})
