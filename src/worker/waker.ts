import type { Cluster, Redis } from 'ioredis'

/** Below the 10 s at which connections that only wait become unsound. */
const BLOCK_S = 5

/** A member taken from a queue's set of markers. */
export interface Mark {
  readonly key: string
  readonly member: string
  /** When there is work: 0 is now, else milliseconds since 1970. */
  readonly at: number
}

export interface Waker {
  /** Waits a few seconds for work in any of the queues. */
  next(): Promise<Mark | undefined>
  /** Gives the mark to other workers, when no task can be taken after all. */
  putBack(mark: Mark): Promise<void>
  /** Makes a waiting `next` return, so that it takes no mark away from others. */
  interrupt(): void
  close(): void
}

/**
 * Waits on the markers of all queues by one connection. In a cluster the markers are on different nodes, where one
 * command cannot wait for all: there is one connection a queue then.
 */
export function createWaker(
  connect: () => Redis | Cluster,
  send: Redis | Cluster,
  keys: readonly string[],
): Waker {
  const groups = send.isCluster ? keys.map((key) => [key]) : [keys]
  const lines = groups.map((group) => ({ group, client: connect(), isWaiting: false, id: 0 }))
  for (const { client } of lines) client.on('error', () => undefined)
  const arrived: Mark[] = []
  let tell: ((mark: Mark | undefined) => void) | undefined

  async function waitOn(line: (typeof lines)[number]): Promise<Mark | undefined> {
    line.isWaiting = true
    // A connection may look alive and not be. Queues are looked at without it meanwhile.
    const watchdog = setTimeout(() => line.client.disconnect(true), BLOCK_S * 3000)
    try {
      if (!send.isCluster) line.id = await line.client.client('ID')
      const [key, member, score] = (await line.client.bzpopmin(...(line.group as [string]), BLOCK_S)) ?? []
      if (key === undefined || member === undefined) return undefined
      return { key, member, at: Number(score) }
    } finally {
      clearTimeout(watchdog)
      line.isWaiting = false
    }
  }

  return {
    async next() {
      const before = arrived.shift()
      if (before) return before
      const [only] = lines
      if (lines.length === 1 && only) return waitOn(only)
      const answer = new Promise<Mark | undefined>((resolve) => {
        tell = resolve
      })
      for (const line of lines)
        if (!line.isWaiting)
          waitOn(line).then(
            (mark) => {
              if (mark && !tell) arrived.push(mark)
              tell?.(mark)
              tell = undefined
            },
            () => tell?.(undefined),
          )
      return answer
    },
    async putBack({ key, member, at }) {
      await send.zadd(key, 'NX', at, member)
    },
    interrupt() {
      if (!send.isCluster && send.status === 'ready')
        for (const { id, isWaiting } of lines)
          if (isWaiting) send.call('CLIENT', 'UNBLOCK', String(id)).catch(() => undefined)
    },
    close() {
      for (const { client } of lines) client.disconnect()
    },
  }
}
