import { execFileSync } from 'node:child_process'
import { freePort, type RedisServer, startRedisServer } from './redis-server.ts'

export interface RedisCluster {
  readonly nodes: readonly RedisServer[]
  readonly url: string
  close(): Promise<void>
}

/** Three masters that share the slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const [port, bus] = [await freePort(), await freePort()]
      return startRedisServer({ port, args: ['--cluster-enabled', 'yes', '--cluster-port', String(bus)] })
    }),
  )
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`)
  meet(nodes)
  return {
    nodes,
    url: `redis+cluster://${hosts.join(',')}`,
    close: async () => void (await Promise.all(nodes.map((node) => node.close()))),
  }
}

/** What `redis-cli --cluster create` does, without its wait for a human pace. */
function meet(nodes: readonly RedisServer[]): void {
  const cli = (node: RedisServer, ...args: string[]) =>
    execFileSync('redis-cli', ['-p', String(node.port), ...args], { encoding: 'utf8' }).trim()
  const size = Math.ceil(16384 / nodes.length)
  for (const [index, node] of nodes.entries()) {
    const last = Math.min(16384, (index + 1) * size) - 1
    cli(node, 'CLUSTER', 'ADDSLOTSRANGE', String(index * size), String(last))
    cli(node, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
  }
  const [first, ...others] = nodes
  if (first === undefined) return
  const [, , bus = ''] = /^\S+ (\S+?):(\d+)@(\d+)/.exec(cli(first, 'CLUSTER', 'NODES')) ?? []
  const busPort = /@(\d+)/.exec(cli(first, 'CLUSTER', 'NODES'))?.[1] ?? bus
  for (const node of others) cli(node, 'CLUSTER', 'MEET', '127.0.0.1', String(first.port), busPort)
  for (let tries = 0; tries < 300; tries++) {
    if (nodes.every((node) => isWhole(cli(node, 'CLUSTER', 'INFO'), nodes.length))) return
    execFileSync('sleep', ['0.05'])
  }
  throw new Error('the Redis Cluster did not come up')
}

function isWhole(info: string, count: number): boolean {
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}`)
}
