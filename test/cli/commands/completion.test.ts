import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SHELLS } from '../../../src/cli/completion/scripts.ts'
import { runCli } from '../../helpers/run-cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-completion-'))
  // Stands for drover: tells with what words it was asked, and offers two.
  const stub =
    '#!/bin/sh\nshift\nprintf "<%s>" "$@" > "$DROVER_ASKED"\nprintf "render\\tWrite it\\nrest\\tRest\\n"\n'
  writeFileSync(join(folder, 'drover'), stub, { mode: 0o755 })
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('drover completion', () => {
  it.each(SHELLS)('prints a script that %s reads without complaint', async (shell) => {
    const { code, stdout, stderr } = await runCli(['completion', shell])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.startsWith('#')).toBe(true)
    const file = join(folder, `script.${shell}`)
    writeFileSync(file, stdout)
    const checked = spawnSync(shell, ['-n', file], { encoding: 'utf8' })
    // A shell that this machine lacks is not asked.
    if (checked.error === undefined) expect(checked).toMatchObject({ status: 0, stderr: '' })
  })

  it('gives the script as JSON with --json', async () => {
    const { stdout } = await runCli(['completion', 'fish', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      shell: 'fish',
      script: (await runCli(['completion', 'fish'])).stdout,
    })
  })

  it('completes in a real bash, empty words kept and meanings left out', async () => {
    const { stdout: script } = await runCli(['completion', 'bash'])
    const asked = join(folder, 'asked')
    const session = `${script}
      COMP_WORDS=(drover --json '' ) COMP_CWORD=2
      _drover drover
      printf '%s,' "\${COMPREPLY[@]}"; echo; cat "$DROVER_ASKED"; echo; complete -p drover`
    const ran = spawnSync('bash', ['--norc'], {
      input: session,
      encoding: 'utf8',
      env: { PATH: `${folder}:${process.env.PATH}`, DROVER_ASKED: asked },
    })
    expect(ran.stderr).toBe('')
    expect(ran.stdout.split('\n').slice(0, 3)).toEqual([
      'render,rest,',
      '<--json><>',
      'complete -o bashdefault -o default -F _drover drover',
    ])
  })

  it('asks for the shell and names them', async () => {
    const { code, stderr } = await runCli(['completion'])
    expect(code).toBe(2)
    expect(stderr).toBe(
      'drover: SHELL is missing (it is one of bash, zsh, fish). See drover completion --help.\n',
    )
  })
})
