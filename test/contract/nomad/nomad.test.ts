import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { processRunner, startNomadEmulator } from '../../../src/sandbox/index.ts'
import { nomadOnPath } from '../../helpers/nomad-agent.ts'
import { startLightNomad } from '../../helpers/nomad-light.ts'
import { nomadContract, type StartedNomad } from './contract.ts'
import { ONLY_EMULATED } from './only-emulated.ts'

nomadContract('the emulated Nomad', () =>
  inFolder((folder) =>
    startNomadEmulator({ runner: processRunner({ folder }), maxKillTimeoutMs: 86_400_000 }),
  ),
)

if (nomadOnPath() === undefined) {
  // The reporter counts it; the line says why.
  console.log('skipped: no nomad on PATH')
  describe.skip('a real Nomad', () => {
    it.skip('no nomad on PATH', () => {})
  })
} else nomadContract('a real Nomad', () => inFolder(startLightNomad))

afterAll(() => {
  const lines = ONLY_EMULATED.map(({ what }) => `  - ${what}`)
  console.log(`Of the emulated Nomad alone, not of a real one, is proved here:\n${lines.join('\n')}`)
})

it('what only the emulated one proves is tested where the list says', () => {
  for (const { test, name } of ONLY_EMULATED)
    expect(readFileSync(new URL(`../../../${test}`, import.meta.url), 'utf8')).toContain(name)
})

async function inFolder(start: (folder: string) => Promise<StartedNomad>): Promise<StartedNomad> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-nomad-'))
  const nomad = await start(folder)
  return {
    address: nomad.address,
    async close() {
      await nomad.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
