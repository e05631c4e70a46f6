import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createWorld, policyOf } from './helpers/world.ts'

const ROUNDS = 4

it('looks at 1,000 quiet groups a second for little', async () => {
  const world = createWorld(Array.from({ length: 1000 }, (_, n) => policyOf(`g${n}`)))
  const { scaler, events } = await world.daemon()
  await scaler.start()
  await sleep(1500)
  const news = events.filter((event) => event.kind === 'decision' && event.isNews).length
  const from = process.cpuUsage()
  world.source.sweeps.length = 0
  await sleep(ROUNDS * 1000)
  const { user, system } = process.cpuUsage(from)
  const ms = (user + system) / 1000 / ROUNDS
  console.log(
    `a round of 1,000 quiet groups: ${ms.toFixed(1)} ms of cpu, that of the source in memory included`,
  )
  expect(world.source.sweeps.length).toBeGreaterThanOrEqual(ROUNDS - 1)
  expect(events.filter((event) => event.kind === 'decision' && event.isNews)).toHaveLength(news)
  expect(scaler.health()).toMatchObject({ ready: true })
  // A hundred times what it takes: for a round that works on everything, whatever the machine.
  expect(ms).toBeLessThan(500)
  await scaler.close()
})
