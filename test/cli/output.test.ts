import { describe, expect, it } from 'vitest'
import { createOutput, type Output, type OutputOptions, sortIssues } from '../../src/cli/output.ts'
import type { Issue } from '../../src/core/issue.ts'

function collect(options: Partial<OutputOptions> & { isTTY?: boolean } = {}): {
  output: Output
  printed: { stdout: string; stderr: string }
} {
  const printed = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof printed) => ({
    isTTY: options.isTTY ?? false,
    write: (text: string) => {
      printed[name] += text
    },
  })
  const output = createOutput({
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    json: false,
    allowColor: true,
    ...options,
  })
  return { output, printed }
}

const issue = (severity: Issue['severity'], code: string, line: number, file = 'stack.yml'): Issue => ({
  severity,
  code,
  path: ['services', 'redis', 'image'],
  message: 'is wrong',
  fix: 'right it',
  position: { file, line, column: 3 },
})

describe('printIssues', () => {
  const issues = [
    issue('warning', 'image-latest', 2),
    issue('error', 'bad', 9),
    issue('error', 'bad', 4),
    issue('error', 'bad', 7, 'a.yml'),
  ]

  it('prints errors first, then warnings with their codes, and counts both, on stderr', () => {
    const { output, printed } = collect()
    output.printIssues(issues)
    expect(printed).toEqual({
      stdout: '',
      stderr: [
        'a.yml:7:3 services.redis.image: is wrong (right it)',
        'stack.yml:4:3 services.redis.image: is wrong (right it)',
        'stack.yml:9:3 services.redis.image: is wrong (right it)',
        'stack.yml:2:3 services.redis.image: is wrong (right it) [image-latest]',
        '3 errors, 1 warning',
        '',
      ].join('\n'),
    })
  })

  it('prints one line of JSON with --json', () => {
    const { output, printed } = collect({ json: true })
    output.printIssues(issues)
    expect(JSON.parse(printed.stderr)).toEqual({ issues: sortIssues(issues) })
    expect(printed.stderr.indexOf('\n')).toBe(printed.stderr.length - 1)
  })

  it.each([false, true])('prints nothing when there is nothing (json %s)', (json) => {
    const { output, printed } = collect({ json })
    output.printIssues([])
    expect(printed).toEqual({ stdout: '', stderr: '' })
  })

  it('colours on a terminal', () => {
    const { output, printed } = collect({ isTTY: true })
    output.printIssues([issue('error', 'bad', 1)])
    expect(printed.stderr.startsWith('\u001b[31mstack.yml:1:3 ')).toBe(true)
  })
})

describe('printTable', () => {
  it('sets numbers to the right, draws no lines and leaves no blanks at the ends', async () => {
    const { output, printed } = collect()
    await output.printTable({
      head: ['Job', 'Kind', 'Count', 'Cpu'],
      rows: [
        ['redis', 'service', 1, '0.5'],
        ['worker_heavy', 'worker', 12, ''],
      ],
    })
    expect(printed.stdout).toBe(
      [
        'JOB           KIND     COUNT  CPU',
        'redis         service      1  0.5',
        'worker_heavy  worker      12',
        '',
      ].join('\n'),
    )
  })

  it('sets the columns to the right that are named', async () => {
    const { output, printed } = collect()
    await output.printTable({ head: ['a', 'b'], rows: [['x', '512 MB']], right: [1] })
    expect(printed.stdout).toBe('A       B\nx  512 MB\n')
    const second = collect()
    await second.output.printTable({ head: ['a', 'b'], rows: [['x', '4']], right: [] })
    expect(second.printed.stdout).toBe('A  B\nx  4\n')
  })

  it('of nothing is its head', async () => {
    const { output, printed } = collect()
    await output.printTable({ head: ['job', 'kind'], rows: [] })
    expect(printed.stdout).toBe('JOB  KIND\n')
  })
})

describe('printJson', () => {
  it('sorts keys at every depth and keeps the order of lists', () => {
    const { output, printed } = collect()
    output.printJson({ b: [{ d: 1, c: null }, 'x'], a: { f: true, e: undefined } })
    expect(printed.stdout.replaceAll(/\s/g, '')).toBe('{"a":{"f":true},"b":[{"c":null,"d":1},"x"]}')
    expect(printed.stdout.endsWith('}\n')).toBe(true)
  })
})

describe('say', () => {
  it('writes words to stderr, and none with --json', () => {
    const words = collect()
    words.output.say('hello')
    expect(words.printed).toEqual({ stdout: '', stderr: 'hello\n' })
    const machine = collect({ json: true })
    machine.output.say('hello')
    expect(machine.printed).toEqual({ stdout: '', stderr: '' })
  })
})

describe('progress', () => {
  const CLEAR = '\r\u001b[2K'

  it('is one line of a terminal, rewritten, and cleared before anything else', async () => {
    const { output, printed } = collect({ isTTY: true })
    output.progress('one')
    output.progress('two')
    output.say('done')
    output.progress('three')
    output.data('x')
    output.progress('four')
    output.progress('')
    output.progress('')
    expect(printed.stderr).toBe(
      [`${CLEAR}one`, `${CLEAR}two`, `${CLEAR}done\n`, `${CLEAR}three`, CLEAR, `${CLEAR}four`, CLEAR].join(
        '',
      ),
    )
    output.progress('five')
    await output.printTable({ head: ['a'], rows: [] })
    expect(printed.stderr.endsWith(`five${CLEAR}`)).toBe(true)
  })

  it('does not wrap', () => {
    const written: string[] = []
    const stderr = { isTTY: true, columns: 10, write: (text: string) => written.push(text) }
    collect({ stderr }).output.progress('a very long line')
    expect(written).toEqual([`${CLEAR}a very lo`])
  })

  it.each([
    ['piped', { isTTY: false }],
    ['with --json', { isTTY: true, json: true }],
  ])('is nothing %s', (_, options) => {
    const { output, printed } = collect(options)
    output.progress('one')
    output.progress('')
    expect(printed).toEqual({ stdout: '', stderr: '' })
  })
})
