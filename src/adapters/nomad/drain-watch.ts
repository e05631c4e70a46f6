import { z } from '../../core/zod.ts'
import type { NomadHttp } from './client.ts'
import { NomadError } from './failure.ts'

export interface DrainWatch {
  /** Reads the nodes again. Never rejects for an answer of Nomad's: a token need not be able to read nodes. */
  read(): Promise<void>
  /** Names of the nodes that are being drained, as last read. */
  nodes(): ReadonlySet<string>
}

const nodesSchema = z.array(z.object({ Name: z.string(), Drain: z.boolean().nullish() }))

/** Nodes are asked for once a minute: their events come with every change of an allocation, whole. */
export function createDrainWatch(http: NomadHttp, signal: AbortSignal): DrainWatch {
  let draining: ReadonlySet<string> = new Set()
  return {
    nodes: () => draining,
    async read() {
      try {
        const { data } = await http.call({ path: '/v1/nodes', schema: nodesSchema, signal })
        draining = new Set(data.filter(({ Drain }) => Drain).map(({ Name }) => Name))
      } catch (error) {
        if (!(error instanceof NomadError)) throw error
      }
    },
  }
}
