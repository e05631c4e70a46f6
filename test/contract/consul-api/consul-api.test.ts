import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startConsulEmulator } from '../../../src/sandbox/index.ts'
import { hasConsul, startConsul } from '../../helpers/consul-agent.ts'
import { consulContract } from './contract.ts'
import { ONLY_EMULATED } from './only-emulated.ts'

consulContract('the emulated Consul', () => startConsulEmulator())

if (hasConsul())
  consulContract('a real Consul', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-consul-'))
    const agent = await startConsul(folder)
    return {
      address: `http://${agent.address}`,
      async close() {
        await agent.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  })
else
  describe.skip('a real Consul', () => {
    it.skip('no go on PATH', () => {})
  })

afterAll(() => {
  const lines = ONLY_EMULATED.map(({ what }) => `  - ${what}`)
  console.log(`Of the emulated Consul alone, not of a real one, is proved here:\n${lines.join('\n')}`)
})

it('what only the emulated one proves is tested where the list says', () => {
  for (const { test, name } of ONLY_EMULATED)
    expect(readFileSync(new URL(`../../../${test}`, import.meta.url), 'utf8')).toContain(name)
})
