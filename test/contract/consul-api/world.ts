import { waitUntil } from '../../helpers/wait-until.ts'

/** An answer of Consul's, read whole. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly index: number
  readonly text: string
  /** Throws when it is not JSON. */
  json<T = Record<string, unknown>>(): T
}

export interface CheckBody {
  readonly CheckID: string
  readonly Status: string
  readonly Output: string
  readonly ServiceID: string
}

/** A Consul, emulated or real, by plain HTTP: nothing of Drover's own client is between. */
export interface World {
  /** `path` without `/v1/`; a body that is a text is sent as it is. */
  send(method: string, path: string, body?: unknown): Promise<Answer>
  /** Throws unless it is 200. */
  get<T>(path: string): Promise<T>
  /** Throws unless it is 200. */
  put(path: string, body?: unknown): Promise<Answer>
  /** The check as the agent has it, and as the servers do. */
  agentCheck(id: string): Promise<CheckBody | undefined>
  serverCheck(id: string): Promise<CheckBody | undefined>
  /** Waits by blocking queries until an answer is so: others may wake it before. */
  wait(path: string, index: number, isSo: (answer: Answer) => boolean): Promise<Answer>
  /** Waits until something is so. */
  until(what: string, isSo: () => Promise<boolean>): Promise<void>
}

export function worldOf(address: string): World {
  async function send(method: string, path: string, body?: unknown): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const init = body === undefined ? { method } : { method, body: text }
    const response = await fetch(`${address}/v1/${path}`, init)
    const answer = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type')?.split(';')[0] ?? '',
      index: Number(response.headers.get('x-consul-index')),
      // A development agent ends its JSON in a newline.
      text: answer.trimEnd(),
      json: () => JSON.parse(answer),
    }
  }
  async function well(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await send(method, path, body)
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer
  }
  const get = async <T>(path: string): Promise<T> => (await well('GET', path)).json<T>()
  return {
    send,
    get,
    put: (path, body) => well('PUT', path, body),
    agentCheck: async (id) => (await get<Record<string, CheckBody>>('agent/checks'))[id],
    serverCheck: async (id) =>
      (await get<CheckBody[]>('health/state/any')).find(({ CheckID }) => CheckID === id),
    async wait(path, index, isSo) {
      let answer = await well('GET', `${path}?index=${index}&wait=10s`)
      while (!isSo(answer)) answer = await well('GET', `${path}?index=${answer.index}&wait=10s`)
      return answer
    },
    async until(what, isSo) {
      await waitUntil(what, async () => (await isSo()) || undefined, { withinMs: 15_000, everyMs: 50 })
    },
  }
}
