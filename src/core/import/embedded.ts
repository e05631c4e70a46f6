import type { ComposeMount, ComposeService } from '../compose/service.ts'
import type { BindSources } from './bind-source.ts'

/** A file of a bind mount that goes into the job itself. */
export interface EmbeddedFile {
  /** Path in the container. */
  readonly to: string
  /** From the folder of the compose files. */
  readonly source: string
  readonly text: string
}

export type Embedding =
  | { readonly files: readonly EmbeddedFile[] }
  /** Why the mount stays a path of the node. */
  | { readonly host: string }

/** Texts that are settings rather than a program's source or data. */
const SETTINGS = /\.(?:ya?ml|json|xml|conf|cfg|cnf|ini|toml|properties|env|sql|tmpl|tpl|rules|crt|pem)$/i

/**
 * Whether the text files of a bind mount can go into the job, so that no node must have them. Program code that
 * is mounted to be edited, data and keys stay where they are.
 */
export function embeddingOf(mount: ComposeMount, binds: BindSources): Embedding {
  const { source = '', target, readOnly } = mount
  const found = binds.get(source)
  if (!/^\.\.?(?:\/|$)/.test(source)) return { host: 'it is a path of the node' }
  if (!found || found.kind === 'missing') return { host: 'there is no such file or folder here' }
  if (found.kind === 'other') return { host: found.why }
  if (found.kind === 'file') {
    if (found.text === undefined) return { host: found.why ?? 'it is not a text file' }
    if (holdsKey(found.text)) return { host: 'it holds a private key' }
    return { files: [{ to: target, source, text: found.text }] }
  }
  const { files } = found
  if (files === undefined) return { host: found.why ?? 'it holds too much' }
  if (files.length === 0) return { host: 'the folder is empty, so it is there for what is written' }
  if (!readOnly && !files.every(({ path }) => SETTINGS.test(path))) {
    return { host: 'the container may write to the folder, and not all of it is settings' }
  }
  if (files.some(({ text }) => holdsKey(text))) return { host: 'it holds a private key' }
  const root = target.replace(/\/$/, '')
  return {
    files: files.map(({ path, text }) => ({ to: `${root}/${path}`, source: `${source}/${path}`, text })),
  }
}

/** The texts of all files that go into a service's job. */
export function embeddedTexts(service: ComposeService, binds: BindSources): string[] {
  return service.volumes.flatMap(({ value }) => {
    const embedding = value.type === 'bind' ? embeddingOf(value, binds) : { host: '' }
    return 'files' in embedding ? embedding.files.map(({ text }) => text) : []
  })
}

function holdsKey(text: string): boolean {
  return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)
}
