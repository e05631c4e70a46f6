import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: unknown
}

export interface AServer {
  readonly address: string
  /** Everything that it was asked, oldest first. */
  readonly asked: readonly Asked[]
  close(): Promise<void>
}

/** A small HTTP server that answers as a test says. */
export async function aServer(
  answer: (asked: Asked, response: ServerResponse, nth: number) => void,
  socket?: string,
): Promise<AServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    const one: Asked = {
      method: request.method ?? '',
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
    asked.push(one)
    answer(one, response, asked.length)
  })
  await new Promise<void>((resolve) => {
    if (socket === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(socket, resolve)
  })
  return {
    address: socket ? `unix://${socket}` : `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function json(response: ServerResponse, body: unknown, index = 1): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'X-Nomad-Index': String(index) })
  response.end(JSON.stringify(body))
}

export function words(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' })
  response.end(text)
}
