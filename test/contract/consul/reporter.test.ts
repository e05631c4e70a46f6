import { afterEach, describe, expect, it } from 'vitest'
import type { GroupFacts } from '../../../consul/group-health.ts'
import {
  type ConsulReporter,
  type ConsulReporterState,
  createConsulReporter,
  type ScalerFacts,
} from '../../../consul/reporter.ts'
import { aStack } from '../../helpers/a-stack.ts'
import { hasConsul } from '../../helpers/consul-agent.ts'
import { groupFacts } from '../../helpers/group-facts.ts'
import { useConsul } from '../../helpers/use-consul.ts'
import { waitUntil } from '../../helpers/wait-until.ts'

/** How long Consul is away: a moment here, a minute with DROVER_LONG_OUTAGE=1. */
const AWAY_MS = process.env.DROVER_LONG_OUTAGE ? 60_000 : 2500
/** The reporter's clock runs faster, so that what it does every minute is seen here. */
const FASTER = 30
const WORKER = { image: 'w:1', queues: ['mail'], scale: { min: 0, max: 4 } }
const STACK = aStack({
  external: { db: { address: '127.0.0.1:5432' } },
  workers: { mailer: WORKER, printer: { ...WORKER, queues: ['print'] } },
})
const LEADING: ScalerFacts = { ready: true, problems: [], isLeader: true }
const BACKLOG = { waiting: 12, oldestAgeMs: 90_000, live: 4, busy: 3, idle: 1 }

interface Running {
  readonly reporter: ConsulReporter
  readonly states: ConsulReporterState[]
  /** What it tells from now on, ten times a second. */
  tell(groups: readonly GroupFacts[], health?: ScalerFacts): void
  close(): Promise<void>
}

describe.skipIf(!hasConsul())('the reporter on a real Consul', () => {
  const consul = useConsul()
  const running: Running[] = []

  afterEach(async () => {
    for (const one of running.splice(0)) await one.close()
    for (const id of Object.keys(await consul.call<object>('GET', 'agent/services')))
      await consul.call('PUT', `agent/service/deregister/${encodeURIComponent(id)}`)
  })

  function start(id = 'here'): Running {
    const states: ConsulReporterState[] = []
    const reporter = createConsulReporter({
      client: consul.client(),
      stack: () => STACK,
      clock: { now: () => Date.now() * FASTER },
      scaler: { id, host: '127.0.0.1', port: 9, protocol: 'http', version: '1.2.3' },
      onChange: (state) => states.push(state),
    })
    let newest: [readonly GroupFacts[], ScalerFacts] = [[groupFacts()], LEADING]
    const timer = setInterval(() => reporter.update(...newest), 100)
    const one: Running = {
      reporter,
      states,
      tell(groups, health = LEADING) {
        newest = [groups, health]
        reporter.update(groups, health)
      },
      async close() {
        clearInterval(timer)
        await reporter.close()
      },
    }
    running.push(one)
    return one
  }

  const ids = async () => Object.keys(await consul.call<object>('GET', 'agent/services')).sort()
  /** `status: output` of a group as the whole cluster sees it. */
  const seen = async (group = 'mailer') => {
    const entries = await consul.call<{ Checks: { CheckID: string; Status: string; Output: string }[] }[]>(
      'GET',
      `health/service/${group}-group`,
    )
    const check = entries[0]?.Checks.find(({ CheckID }) => CheckID.endsWith(':state'))
    return check && `${check.Status}: ${check.Output}`
  }
  const until = (what: string, ask: () => Promise<boolean>, withinMs = 15_000) =>
    waitUntil(what, async () => (await ask()) || undefined, { withinMs, everyMs: 20 })
  const ALL = ['drover:shop:external:db', 'drover:shop:group:mailer', 'drover:shop:scaler:here']
  const isComplete = async () => JSON.stringify(await ids()) === JSON.stringify(ALL)

  it('registers everything, and pushes a change of state at once', async () => {
    const { tell, states } = start()
    await until('all is registered', isComplete)
    await until('it passes', async () => (await seen()) === 'passing: nothing waiting, 0 of 4 workers busy')
    tell([groupFacts('mailer', BACKLOG)])
    const warned = 'warning: 12 waiting, oldest 90 s, 3 of 4 workers busy; waits longer than 60 s'
    await until('the whole cluster sees it', async () => (await seen()) === warned, 3000)
    tell([groupFacts('mailer', { ...BACKLOG, live: 0, busy: 0, idle: 0 })])
    await until('critical', async () => (await seen())?.startsWith('critical: 12 waiting') === true, 3000)
    expect(states.map(({ status }) => status)).toEqual(['ready'])
  })

  it('keeps live numbers, which a check that stays passing does not show', async () => {
    const { tell, reporter } = start()
    const numbers = () => consul.call<Record<string, unknown>>('GET', 'kv/drover/shop/groups/mailer?raw')
    await until('all is registered', isComplete)
    tell([groupFacts('mailer', { waiting: 3, oldestAgeMs: 4200, busy: 2, idle: 2, active: 2 })])
    await until('the numbers are there', async () => (await numbers()).waiting === 3)
    expect(await numbers()).toEqual({
      group: 'mailer',
      status: 'passing',
      output: '3 waiting, oldest 4 s, 2 of 4 workers busy',
      queues: ['mail'],
      job: 'present',
      desired: 4,
      live: 4,
      starting: 0,
      busy: 2,
      idle: 2,
      unknown: 0,
      min: 0,
      max: 4,
      waiting: 3,
      active: 2,
      oldestAgeSeconds: 4,
    })
    await reporter.settled()
    const index = async () =>
      (await consul.call<{ ModifyIndex: number }[]>('GET', 'kv/drover/shop/groups/mailer'))[0]?.ModifyIndex
    const before = await index()
    tell([groupFacts('mailer', { waiting: 3, oldestAgeMs: 4900, busy: 2, idle: 2, active: 2 })])
    await reporter.settled()
    // Nothing that a reader would see has changed.
    expect(await index()).toBe(before)
  })

  it('a group that is no more goes, with its numbers; others stay', async () => {
    const { tell } = start()
    await consul.call('PUT', 'agent/service/register', { ID: 'theirs', Name: 'theirs' })
    await consul.call('PUT', 'kv/drover/other/groups/printer', 'theirs')
    tell([groupFacts(), groupFacts('printer')])
    await until('both pass', async () => (await seen('printer'))?.startsWith('passing') === true)
    tell([groupFacts()])
    await until('one is gone', async () => (await seen('printer')) === undefined)
    const keys = () => consul.call<string[]>('GET', 'kv/drover/?keys')
    await until('so are its numbers', async () => !(await keys()).includes('drover/shop/groups/printer'))
    expect(await keys()).toEqual(['drover/other/groups/printer', 'drover/shop/groups/mailer'])
    expect(await ids()).toEqual([...ALL, 'theirs'])
  })

  it('a check that another has set or removed is put right', async () => {
    start()
    await until('it passes', async () => (await seen())?.startsWith('passing') === true)
    await consul.call('PUT', 'agent/check/update/drover:shop:group:mailer:state', { Status: 'critical' })
    await until('it passes again', async () => (await seen())?.startsWith('passing') === true)
    await consul.call('PUT', 'agent/check/deregister/drover:shop:group:mailer:state')
    await consul.call('PUT', 'agent/service/deregister/drover:shop:external:db')
    await until('both are back', async () => (await seen())?.startsWith('passing') === true && isComplete())
  })

  it('a follower shows itself alone, and leaves what the leader of the same agent has', async () => {
    start()
    await until('all is registered', isComplete)
    const follower = start('there')
    follower.tell([groupFacts()], { ready: true, problems: [], isLeader: false })
    const both = [...ALL, 'drover:shop:scaler:there']
    await until('both are there', async () => JSON.stringify(await ids()) === JSON.stringify(both))
    await follower.close()
    await until('the follower is gone', isComplete)
  })

  it('one that no longer leads, on an agent of its own, takes away what it registered', async () => {
    const { tell } = start()
    await until('all is registered', isComplete)
    tell([groupFacts()], { ready: true, problems: [], isLeader: false })
    await until('it alone is left', async () => String(await ids()) === 'drover:shop:scaler:here')
    tell([groupFacts()])
    await until(
      'all is back',
      async () => (await isComplete()) && (await seen())?.startsWith('passing') === true,
    )
  })

  it(
    'Consul is away and comes back empty: all is there again, and nobody waited',
    async () => {
      const { tell, states, reporter } = start()
      await until('all is told', async () => reporter.state().status === 'ready')
      await consul.stop()
      const longest = { ms: 0 }
      const end = Date.now() + AWAY_MS
      while (Date.now() < end) {
        const before = performance.now()
        tell([groupFacts('mailer', { waiting: Math.floor(Math.random() * 3) })])
        longest.ms = Math.max(longest.ms, performance.now() - before)
        await new Promise((done) => setTimeout(done, 50))
      }
      expect(longest.ms).toBeLessThan(100)
      expect(reporter.state()).toMatchObject({
        status: 'lost',
        cause: expect.stringContaining('ECONNREFUSED'),
      })
      await consul.start()
      await consul.call('PUT', 'agent/service/register', { ID: 'theirs', Name: 'theirs' })
      tell([groupFacts()])
      await until(
        'all is back',
        async () => JSON.stringify(await ids()) === JSON.stringify([...ALL, 'theirs']),
        30_000,
      )
      await until('it passes', async () => (await seen())?.startsWith('passing') === true)
      expect(states.map(({ status }) => status)).toEqual(['ready', 'lost', 'ready'])
      expect(await consul.call('GET', 'kv/drover/shop/groups/mailer?raw')).toMatchObject({ waiting: 0 })
    },
    AWAY_MS + 60_000,
  )

  it('Consul is replaced by another while nobody looks', async () => {
    const { states } = start()
    await until('all is registered', isComplete)
    await consul.stop()
    await consul.start()
    await until('all is back', isComplete, 30_000)
    await until('it passes', async () => (await seen())?.startsWith('passing') === true)
    expect(states.at(-1)?.status).toBe('ready')
  })

  it.runIf(process.env.DROVER_LONG_OUTAGE)(
    'what a dead scaler leaves turns critical within a minute',
    async () => {
      const dead = createConsulReporter({
        client: consul.client(),
        stack: () => STACK,
        clock: { now: Date.now },
        scaler: { id: 'here', host: '127.0.0.1', port: 9, protocol: 'http', version: '1' },
      })
      dead.update([groupFacts()], LEADING)
      await dead.settled()
      await until(
        'it expires',
        async () => (await seen())?.startsWith('critical: TTL expired') === true,
        60_000,
      )
    },
    90_000,
  )
})
