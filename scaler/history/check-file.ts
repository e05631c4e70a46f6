import {
  closeSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** The start of an LMDB file: two pages, each of which says which database this is; the newer one holds. */
const MAGIC = 0xbeefc0de
const FORMAT = 2
const PAGE = 4096
const AT = { magic: 24, format: 28, pageSize: 48, lastPage: 144, transaction: 152 } as const
/** Pages that were taken and given back in one transaction are counted, but never written. */
const UNWRITTEN_PAGES = 256

const DATA = 'data.mdb'
const MARK = 'opening'

/**
 * Runs `use` on the database of a folder, when it is safe to. To open a damaged file ends the process (LMDB maps it
 * into memory), so the file is looked at before, and one that ended a process before is not opened again: it is put
 * aside as `data.mdb.damaged`. `onDamage` is told why.
 */
export function openSafely<T>(folder: string, use: () => T, onDamage: (why: string) => void): T {
  const file = join(folder, DATA)
  const mark = join(folder, MARK)
  const why = existsSync(mark) ? 'it ended the process that opened it last' : damageOf(file)
  if (why !== undefined) {
    if (existsSync(file)) renameSync(file, `${file}.damaged`)
    rmSync(join(folder, 'lock.mdb'), { force: true })
    onDamage(why)
  }
  writeFileSync(mark, '')
  const opened = use()
  rmSync(mark)
  return opened
}

function damageOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const { size } = statSync(file)
  if (size === 0) return undefined
  const head = readHead(file)
  if (head.length < 2 * PAGE) return 'it is cut short'
  const metas = [head.subarray(0, PAGE), head.subarray(PAGE)]
  if (metas.some((page) => page.readUInt32LE(AT.magic) !== MAGIC)) return 'it is no database'
  if (metas.some((page) => page.readUInt32LE(AT.format) !== FORMAT)) return 'it is of another version'
  const [newest] = metas.sort((a, b) =>
    Number(b.readBigUInt64LE(AT.transaction) - a.readBigUInt64LE(AT.transaction)),
  ) as [Buffer]
  const pages = Number(newest.readBigUInt64LE(AT.lastPage)) + 1
  const least = (pages - UNWRITTEN_PAGES) * newest.readUInt32LE(AT.pageSize)
  return size < least ? 'it is cut short' : undefined
}

function readHead(file: string): Buffer {
  const head = Buffer.alloc(2 * PAGE)
  const handle = openSync(file, 'r')
  try {
    return head.subarray(0, readSync(handle, head, 0, head.length, 0))
  } finally {
    closeSync(handle)
  }
}
