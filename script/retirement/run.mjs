// Workers that leave, on real parts: node script/retirement/run.mjs [--python PATH] [--trials N] [--max-ms N]
// Prints one line of JSON for each kind of trial. PATH is a Python with celery, redis and packaging; without it only
// workers made with drover/worker are tried. The long form (the default) takes about twelve minutes.
import { parseArgs } from 'node:util'
import { bullmqComputes, bullmqKills, bullmqRetirements } from './bullmq.mjs'
import { celeryKills, celeryRetirements } from './celery.mjs'
import { renderedCommand } from './celery-command.mjs'

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    trials: { type: 'string', default: '200' },
    'max-ms': { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
})
const trials = Number(values.trials)
const maxMs = Number(values['max-ms'])
const minMs = maxMs / 20
const seed = Number(values.seed)
let isWrong = false

function report(what, result) {
  process.stdout.write(`${JSON.stringify({ what, ...result })}\n`)
  const { kills, lost = 0, startedTwice = 0, endedTwice = 0, exitNotZero = [], endedOnce } = result
  isWrong ||=
    kills === undefined ? lost + startedTwice + endedTwice + exitNotZero.length > 0 : endedOnce < kills
}

const say = (name) => (text) => process.stderr.write(`${name}: ${text}\n`)

async function kit() {
  report('bullmq 6, a task that computes', await bullmqComputes(6, { taskMs: maxMs * 4.5 }))
  const fleet = {
    workers: 10,
    slots: 2,
    trials,
    minMs,
    maxMs,
    seed,
    everyMs: maxMs / 16,
    say: say('bullmq 6'),
  }
  report('bullmq 6, SIGTERM', await bullmqRetirements(6, fleet))
  report('bullmq 6, SIGKILL', await bullmqKills(6, { kills: 10, taskMs: 3000, lockMs: 2000 }))
  const few = { ...fleet, trials: Math.ceil(trials / 4), seed: seed + 1, say: say('bullmq 5') }
  report('bullmq 5, SIGTERM', await bullmqRetirements(5, few))
  report('bullmq 5, SIGKILL', await bullmqKills(5, { kills: 3, taskMs: 3000, lockMs: 2000 }))
}

async function celery(python) {
  const fleet = { workers: 8, slots: 2, trials, minMs, maxMs, seed, everyMs: maxMs / 16, say: say('celery') }
  const command = await renderedCommand({ concurrency: 2, visibilityTimeoutMs: 600_000 })
  report('celery, SIGTERM', await celeryRetirements(python, command, fleet))
  const impatient = await renderedCommand({
    concurrency: 1,
    visibilityTimeoutMs: 40_000,
    transportOptions: { unacked_restore_interval: 1, unacked_restore_throttle: 1 },
  })
  report(
    'celery, SIGKILL',
    await celeryKills(python, impatient, { kills: 6, taskMs: 20_000, waitMs: 240_000 }),
  )
}

await Promise.all([kit(), values.python ? celery(values.python) : undefined])
process.exitCode = isWrong ? 1 : 0
