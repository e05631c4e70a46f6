/** A volume line in compose's short syntax. */
export interface MountLine {
  /** A path or a volume's name; absent for an anonymous volume. */
  readonly source?: string
  readonly target: string
  /** What stands behind the second colon: ro, rw, z, Z, nocopy, a propagation mode. */
  readonly options: readonly string[]
}

/** Splits `[SOURCE:]TARGET[:OPTIONS]`; the colon of a Windows drive belongs to its path. */
export function splitMount(text: string): MountLine {
  const pieces = text.split(/(?<!^[A-Za-z]|:[A-Za-z]):/)
  const [first = '', second, ...rest] = pieces
  if (second === undefined) return { target: first, options: [] }
  if (rest.length === 0 && !isPath(second) && isPath(first) && second.split(',').every(isOption)) {
    return { target: first, options: second.split(',') }
  }
  return {
    source: first,
    target: second,
    options: rest
      .join(':')
      .split(',')
      .filter((option) => option !== ''),
  }
}

/** A source that is a path of the host, not the name of a volume. */
export function isPath(source: string): boolean {
  return /^(?:[./~\\]|[A-Za-z]:[\\/])/.test(source)
}

export const PROPAGATIONS: readonly string[] = ['shared', 'rshared', 'slave', 'rslave', 'private', 'rprivate']

const OPTIONS = new Set([
  'ro',
  'rw',
  'z',
  'Z',
  'nocopy',
  'cached',
  'delegated',
  'consistent',
  ...PROPAGATIONS,
])

export function isOption(option: string): boolean {
  return OPTIONS.has(option)
}
