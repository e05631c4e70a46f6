import { Cluster } from 'ioredis'
import { redisCause } from '../../../core/queues/redis-cause.ts'
import type { SourceCause } from '../../../core/scaling/sample.ts'
import type { RedisCommand, RedisLink, RedisReply } from '../../redis.ts'

/**
 * CLIENT LIST of the server; of every node of a cluster, since a worker is connected to all or some of them. The
 * client of a cluster sends it to one node of its choice, so that each is asked by itself, one sweep behind.
 */
export function readClientLists(link: RedisLink): {
  readonly commands: readonly RedisCommand[]
  read(replies: readonly RedisReply[]): { readonly text: string } | { readonly cause: SourceCause }
} {
  const { client } = link
  if (!(client instanceof Cluster))
    return {
      commands: [{ args: ['client', 'LIST', 'TYPE', 'normal'] }],
      read: ([reply]) => toText(reply),
    }
  const last = lastOfCluster.get(client)
  void Promise.allSettled(client.nodes('all').map((node) => node.client('LIST'))).then((lists) => {
    const texts = lists.flatMap((list) => (list.status === 'fulfilled' ? [String(list.value)] : []))
    lastOfCluster.set(client, texts.join('\n'))
  })
  return {
    commands: [],
    read: () =>
      last === undefined
        ? {
            cause: {
              code: 'no-data',
              message: 'the nodes of the cluster were not asked for their workers yet',
            },
          }
        : { text: last },
  }
}

const lastOfCluster = new WeakMap<Cluster, string>()

function toText(reply: RedisReply | undefined): { readonly text: string } | { readonly cause: SourceCause } {
  if (reply === undefined)
    return { cause: { code: 'no-data', message: 'Redis did not list its connections' } }
  return 'error' in reply ? { cause: redisCause(reply.error) } : { text: String(reply.value) }
}
