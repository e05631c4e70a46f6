export interface Scrubber {
  hide(secrets: readonly string[]): void
  scrub(text: string): string
}

/** Shorter texts stand in innocent words, too. */
const LEAST_SECRET = 4
/** What stands between `scheme://` and the last `@` before a slash, a blank or a quote. */
const LOGIN = /([a-z][a-z\d+.-]*:\/\/)[^\s/"'\\<>@]*(?:@[^\s/"'\\<>@]*)*@/gi
/** Of JSON: `"password":"..."`. */
const KEYED = /("[\w-]*(?:password|passwd|secret|token|authorization|api_?key)"\s*:\s*")(?:[^"\\]|\\.)+/gi
/** Of query texts, command lines and headers: `password=...`, `X-Nomad-Token: ...`. */
const ASSIGNED =
  /\b((?:[\w-]*(?:password|passwd|secret|token|api_?key)=)|(?:x-[\w-]*token|authorization): *(?:bearer )?)[^\s"'\\,;&]+/gi

/** Takes credentials out of a text: those of addresses, what looks like `token=...`, and texts that it was told. */
export function createScrubber(): Scrubber {
  const known = new Set<string>()
  return {
    hide(secrets) {
      for (const secret of secrets) {
        if (secret.length < LEAST_SECRET) continue
        // As it stands, and as it stands within JSON or an address.
        known.add(secret)
        known.add(JSON.stringify(secret).slice(1, -1))
        known.add(encodeURIComponent(secret))
      }
    },
    scrub(text) {
      let clean = text.replace(LOGIN, '$1***@').replace(KEYED, '$1***').replace(ASSIGNED, '$1***')
      for (const secret of known) if (clean.includes(secret)) clean = clean.replaceAll(secret, '***')
      return clean
    },
  }
}
