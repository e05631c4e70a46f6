import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { DroverError } from '../errors.ts'

export interface ReadTextOptions {
  /** Larger files are refused before they are read. Default: 2 MiB, forty times the E2I stack. */
  readonly maxBytes?: number
  /** Lets files through that hold nothing but blanks. Default: false. */
  readonly allowEmpty?: boolean
}

/**
 * Reads a text file that a user named, without its byte order mark. Throws DroverError: USAGE when the path is
 * at fault, STACK_INVALID when the content is no text.
 */
export function readText(
  path: string,
  { maxBytes = 2 * 1024 ** 2, allowEmpty = false }: ReadTextOptions = {},
): string {
  const bytes = readBytes(path, maxBytes)
  const zero = bytes.indexOf(0)
  if (zero >= 0) {
    const wide = bytes.length > 1 && (bytes[0] === 0xff || bytes[1] === 0)
    const hint = wide ? 'It looks like UTF-16: save it as UTF-8.' : 'Is it the right file?'
    throw new DroverError(
      'STACK_INVALID',
      `${path}:${lineOf(bytes, zero)} holds a zero byte (byte ${zero}), so it is not a text file`,
      { hint },
    )
  }
  const text = decode(bytes, path)
  if (!allowEmpty && text.trim() === '')
    throw new DroverError('STACK_INVALID', `${path} is empty`, { hint: 'Is it the right file?' })
  return text
}

function readBytes(path: string, maxBytes: number): Buffer {
  let handle: number | undefined
  try {
    handle = openSync(path, 'r')
    const stat = fstatSync(handle)
    if (stat.isDirectory())
      throw new DroverError('USAGE', `${path} is a directory, not a file`, { hint: 'Name a file in it.' })
    if (stat.size > maxBytes) throw tooLarge(path, maxBytes)
    return readAll(handle, path, maxBytes, stat.size)
  } catch (error) {
    if (error instanceof DroverError) throw error
    throw unreadable(path, error)
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}

/** Pipes and files under /proc have no size to go by, so reading goes on until nothing comes or it is too much. */
function readAll(handle: number, path: string, maxBytes: number, size: number): Buffer {
  let buffer = Buffer.allocUnsafe(size + 1)
  let length = 0
  for (;;) {
    const count = readSync(handle, buffer, length, buffer.length - length, null)
    if (count === 0) return buffer.subarray(0, length)
    length += count
    if (length > maxBytes) throw tooLarge(path, maxBytes)
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(length * 2 + 4096, maxBytes + 1))
  }
}

function tooLarge(path: string, maxBytes: number): DroverError {
  const limit = maxBytes >= 1024 ** 2 ? `${Math.floor(maxBytes / 1024 ** 2)} MB` : `${maxBytes} bytes`
  return new DroverError('USAGE', `${path} is larger than ${limit}`, { hint: 'Is it the right file?' })
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  ENOENT: ['does not exist', 'Check the name, or create it with "drover init".'],
  ENOTDIR: ['does not exist: a part of its path is a file', 'Check the name.'],
  EACCES: ['cannot be read: permission denied', 'Check the permissions of the file and its folders.'],
  EPERM: ['cannot be read: permission denied', 'Check the permissions of the file and its folders.'],
  ELOOP: ['is a symbolic link that leads to itself', 'Check the link.'],
  ENAMETOOLONG: ['is too long a name', 'Check the name.'],
}

function unreadable(path: string, error: unknown): DroverError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
  const [reason, hint] = REASONS[code] ?? [`cannot be read: ${code}`, undefined]
  return new DroverError('USAGE', `${path} ${reason}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  })
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const offset = firstInvalid(bytes)
    const shown = `0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')}`
    const message = `${path}:${lineOf(bytes, offset)} is not UTF-8: byte ${offset} is ${shown}`
    throw new DroverError('STACK_INVALID', message, { hint: 'Save the file as UTF-8.', cause: error })
  }
}

/** Decoding as far as it goes replaces the first bad byte by U+FFFD; what stands before it re-encodes to its offset. */
function firstInvalid(bytes: Buffer): number {
  const text = bytes.toString('utf8')
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    const offset = Buffer.byteLength(text.slice(0, at))
    // The file may hold a real U+FFFD.
    if (!(bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd)) return offset
  }
  return bytes.length
}

function lineOf(bytes: Buffer, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++
  return line
}
