export interface ListenAddress {
  /** A name or an address, without brackets. */
  readonly host: string
  /** 0 to 65535; 0 has the system choose. */
  readonly port: number
}

export const LISTEN_FORM = 'must be HOST:PORT, such as "127.0.0.1:7646" or "[::]:7646"'

/** Reads `HOST:PORT`, an IPv6 address in brackets; undefined for anything else. */
export function parseListen(text: string): ListenAddress | undefined {
  const [, bracketed, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i.exec(text) ?? []
  const host = bracketed ?? name
  const port = Number(digits)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

/** Whether only this machine reaches the address. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
