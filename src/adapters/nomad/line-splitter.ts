/**
 * Cuts a stream of bytes into lines, each told the moment it is complete. A line of more than `maxBytes` is dropped
 * as it comes, and told by `onOversize` once.
 */
export function lineSplitter(
  maxBytes: number,
  onLine: (line: string) => void,
  onOversize: () => void,
): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let size = 0
  let isDropping = false
  const add = (part: Buffer): void => {
    if (isDropping || part.length === 0) return
    size += part.length
    if (size <= maxBytes) {
      parts.push(part)
      return
    }
    isDropping = true
    parts = []
    onOversize()
  }
  const end = (): void => {
    const line = isDropping ? '' : Buffer.concat(parts).toString('utf8').trim()
    parts = []
    size = 0
    isDropping = false
    if (line !== '') onLine(line)
  }
  return (chunk) => {
    let start = 0
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at))
      end()
      start = at + 1
    }
    add(chunk.subarray(start))
  }
}

const NEWLINE = 0x0a
