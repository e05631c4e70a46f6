// Celery's own workers, with the command that Drover renders.
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { retire, sleep, startProcess, startRedis, waitFor } from './parts.mjs'

const folder = dirname(fileURLToPath(import.meta.url))

function fleetOf(python, redis, command) {
  let count = 0
  return {
    redis: redis.client,
    add: (id, ms) => redis.client.lpush('one', message('one', 'work', [id, ms])),
    async start() {
      const id = `alloc-${count++}`
      const args = command.slice(1).map((word) => word.replace('${NOMAD_ALLOC_ID}', id))
      const worker = await startProcess(python, ['-m', 'celery', ...args], {
        env: { BROKER: redis.url, PYTHONDONTWRITEBYTECODE: '1' },
        cwd: folder,
        ready: ' ready.',
      })
      return { ...worker, id }
    },
    /** By what started and did not end: the worker is not asked, so that asking changes nothing. */
    async busyOf({ text }) {
      const all = text()
      return all.split(' received').length - all.split(' succeeded in ').length
    },
  }
}

export async function celeryRetirements(python, command, trials) {
  const redis = await startRedis()
  try {
    return await retire(fleetOf(python, redis, command), trials)
  } finally {
    await redis.close()
  }
}

/** Kills busy workers: their tasks run once more when the visibility timeout is over. */
export async function celeryKills(python, command, { kills, taskMs, waitMs }) {
  const redis = await startRedis()
  const fleet = fleetOf(python, redis, command)
  const result = { kills, orphansSeen: 0, startedTwice: 0, endedOnce: 0 }
  try {
    const victims = []
    for (let kill = 0; kill < kills; kill++) {
      const victim = await fleet.start()
      await fleet.add(`t${kill}`, taskMs)
      await waitFor(async () => (await redis.client.llen(`started:t${kill}`)) === 1, 20_000)
      victims.push(victim)
    }
    for (const { child } of victims) killTree(child.pid)
    await Promise.all(victims.map(({ exit }) => exit))
    result.orphansSeen = await redis.client.hlen('unacked')
    const other = await fleet.start()
    await waitFor(async () => Number(await redis.client.get('ended')) >= kills, waitMs)
    await sleep(taskMs * 2)
    for (let kill = 0; kill < kills; kill++) {
      if ((await redis.client.llen(`started:t${kill}`)) === 2) result.startedTwice++
      if ((await redis.client.llen(`ended:t${kill}`)) === 1) result.endedOnce++
    }
    other.child.kill('SIGTERM')
    await other.exit
    return result
  } finally {
    await redis.close()
  }
}

/** The main process and the ones in which its tasks run, as when a node dies. */
function killTree(pid) {
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
  for (const one of [pid, ...children.map(Number)]) {
    try {
      process.kill(one, 'SIGKILL')
    } catch {
      // It has ended already.
    }
  }
}

/** What `app.send_task` puts into the list of a queue. */
function message(queue, task, args) {
  const id = randomUUID()
  const body = [args, {}, { callbacks: null, errbacks: null, chain: null, chord: null }]
  return JSON.stringify({
    body: Buffer.from(JSON.stringify(body)).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: {
      lang: 'py',
      task,
      id,
      root_id: id,
      parent_id: null,
      group: null,
      eta: null,
      expires: null,
      retries: 0,
      timelimit: [null, null],
      argsrepr: '',
      kwargsrepr: '',
      origin: 'test',
      ignore_result: true,
    },
    properties: {
      correlation_id: id,
      reply_to: randomUUID(),
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: queue },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: randomUUID(),
    },
  })
}
