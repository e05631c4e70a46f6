import { joinPath } from '../compose/path.ts'
import { formatMode } from '../units.ts'
import type { JobContext } from './context.ts'
import type { EmbeddedFile } from './embedded.ts'
import { findMentions, type Mention, replaceMentions } from './mentions.ts'
import type { Piece } from './pieces.ts'
import { toAddress } from './texts.ts'
import { present, type StackMap, type StackValue } from './tree.ts'

/** Longer texts are not written into the stack, whatever services they name. */
const LONGEST_CONTENT = 16 * 1024

/**
 * One file of the job. One that names services is written into the stack, with marks in the place of the
 * names, since those mean nothing in Nomad; any other stays where it is, and is embedded from there.
 */
export function importFile(job: JobContext, { to, source, text }: EmbeddedFile, key: string): StackMap {
  const { places, account } = job
  const outside = { source: joinPath(places.fromStack, source) }
  const at = { key, to: `files["${to}"]` }
  const mentions = findMentions(text, job.hosts)
  if (mentions.length === 0) return outside
  if (text.length > LONGEST_CONTENT) {
    const names = [...new Set(mentions.map(({ service }) => service))].join(', ')
    account.approximated(
      key,
      at.to,
      `it names ${names}, which Nomad does not resolve: too long to be rewritten here`,
    )
    return outside
  }
  const values: Record<string, StackValue> = {}
  const marked = replaceMentions(text, mentions, (mention) => {
    const address = toAddress(job, mention, at)
    return address === undefined ? undefined : markFor(mention, address, text, values)
  })
  if (Object.keys(values).length === 0) return outside
  account.approximated(key, at.to, 'its text is in the stack, with marks for the addresses of other services')
  return { values, content: marked.join('') }
}

/** A text of the stack's own as a file of the task. */
export function contentFile(content: string, values: StackMap, mode: number | undefined): StackMap {
  return present({ values, mode: mode === undefined ? undefined : formatMode(mode & 0o7777), content })
}

/** `@API@`, the same for the same address; another one where the text has that mark already. */
function markFor(
  { service, part }: Mention,
  address: Exclude<Piece, string>,
  text: string,
  values: Record<string, StackValue>,
): string {
  const port = 'port' in address && address.port !== undefined ? `_${address.port}` : ''
  const base = `${service}${port}${part === 'address' ? '' : `_${part}`}`
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
  const wish = /^[A-Z]/.test(base) ? base : `S_${base}`
  let name = wish
  for (let number = 2; text.includes(`@${name}@`) || differs(values[name], address); number++)
    name = `${wish}_${number}`
  values[name] = address
  return `@${name}@`
}

function differs(known: StackValue | undefined, address: Exclude<Piece, string>): boolean {
  return known !== undefined && JSON.stringify(known) !== JSON.stringify(address)
}
