/** A port line in compose's short syntax, before ranges are expanded. */
export interface PortLine {
  readonly hostIp?: string
  /** A port or a range `3000-3005`; absent when the host's port is left to docker. */
  readonly published?: string
  readonly target: string
  readonly protocol: string
}

const PORT_LINE =
  /^(?:(?:(?<ip>\[[\da-fA-F:.]+\]|[\d.]+):)?(?<published>\d+(?:-\d+)?)?:)?(?<target>\d+(?:-\d+)?)(?:\/(?<protocol>[a-z]+))?$/

/** Reads `[[IP:]PUBLISHED:]TARGET[/PROTOCOL]`; undefined when it is none. */
export function parsePort(text: string): PortLine | undefined {
  const groups = PORT_LINE.exec(text.trim())?.groups
  if (groups?.target === undefined) return undefined
  const { ip, published, target, protocol = 'tcp' } = groups
  return {
    ...(ip === undefined ? {} : { hostIp: ip.replace(/^\[|\]$/g, '') }),
    ...(published === undefined ? {} : { published }),
    target,
    protocol,
  }
}

/** First and last port of `3000` or `3000-3005`; undefined outside 1 to 65535 or when the ends are swapped. */
export function parseRange(text: string): { readonly from: number; readonly to: number } | undefined {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const [from, to] = [Number(first), Number(last)]
  return from >= 1 && from <= to && to <= 65_535 ? { from, to } : undefined
}
