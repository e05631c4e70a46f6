import type { Value } from '../stack/stack.ts'

/** Stands for a part that is known only at run time, so that what is around it is judged alone. */
const HOLE = '\u0001'

/** Without one of these no name is a secret's; most names are done with here. */
const NAME_HINT = /pass|pwd|secret|token|key|credential|auth/i
/** Likewise for texts. */
const TEXT_HINT =
  /:\/\/|-----BEGIN|AKIA|ASIA|sk-|gh[pousr]_|github_pat_|glpat-|xox|hooks\.slack|AIza|hv[sb]\.|eyJ|pass|auth|token|secret|key/i

const CERTAIN =
  /passw|passphrase|passwd|secret|api_?key|credential|(?:^|_)(?:pass|pwd|authorization|requirepass|masterauth|masteruser)(?:_|$)/
const TOKEN = /token(?!s(?:_|$)|iz)/
/** Keys that hide nothing. */
const OPEN_KEY =
  /(?:^|_)(?:public|primary|partition|sort|foreign|cache|routing|row|hash|idempotency|group|range|index|object|unique|config|dict|map|host)_key$/
/** A name that ends so speaks about a secret, and is none. */
const ABOUT =
  /_(?:file|path|dir|directory|url|uri|ttl|expiry|expires?|expiration|expires_in|length|len|lifetime|timeout|seconds|minutes|hours|days|name|names|algorithm|alg|header|type|field|enabled?|disabled?|required|issuer|audience|prefix|suffix|count|limit|size|min|max|policy|version|id|ids|store|manager|provider|backend|source|rotation|interval|arn|engine|rules?|regex|pattern|env|ref)$/

const REFERENCE =
  /^(?:\$|%\(|%\w+%$|\{\{|<[^>]+>$|@\w+@$|(?:file|env|vault|ref|arn|secret):|\.{0,2}\/[\w./-]*$)/
const HARMLESS =
  /^(?:true|false|yes|no|on|off|none|null|nil|undefined|default|disabled?|enabled?|required|optional|\*+|x+)$/i

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/\bsk-[A-Za-z0-9_-]{16,}/, 'an API key (sk-…)'],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/, 'a GitHub token'],
  [/\bglpat-[A-Za-z0-9_-]{16,}/, 'a GitLab token'],
  [/\bxox[abeprs]-[A-Za-z0-9-]{8,}/, 'a Slack token'],
  [/\bhooks\.slack\.com\/services\/[A-Z0-9]+\/[A-Z0-9]+\/\w{8,}/i, 'a Slack webhook'],
  [/\bAIza[0-9A-Za-z_-]{35}\b/, 'a Google API key'],
  [/\bhv[sb]\.[A-Za-z0-9_-]{20,}/, 'a Vault token'],
  [/\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\./, 'a signed token (JWT)'],
]

/** `scheme://user:password@`; lengths are bounded so that a long text takes linear time. */
const URL_PASSWORD = /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}:([^\s/@"']{1,200})@/gi
const FLAG =
  /(?:^|\s)--?((?:[a-z]+[-_])*(?:requirepass|masterauth|password|passwd|passphrase|token|secret|api[-_]key|(?:access|secret|private)[-_]key))(?:=|\s+)("[^"]*"|'[^']*'|[^\s"']+)/gi
const ASSIGNMENT =
  /^\s*(?:-\s+)?(?:export\s+)?["']?([A-Za-z_][\w.-]{0,100})["']?\s*[:=]\s*("[^"]*"|'[^']*'|[^\s"',;#]+)\s*[,;]?\s*(?:#.*)?$/
const REDIS_LINE = /^\s*(requirepass|masterauth)\s+(\S+)\s*$/

/** A value as text, with a mark where a secret or an address comes at run time. */
export function textWithHoles(value: Value): string {
  return value.map((part) => (typeof part === 'string' ? part : HOLE)).join('')
}

/** Whether something of this name holds a secret. */
export function isSecretName(name: string): boolean {
  if (!NAME_HINT.test(name)) return false
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
  if (ABOUT.test(words) || OPEN_KEY.test(words) || /(?:^|_)public(?:_|$)/.test(words)) return false
  return CERTAIN.test(words) || TOKEN.test(words) || /._key$/.test(words)
}

/** Whether a value of a secret's name is the secret itself, and not a reference to it or a setting. */
export function isLiteralSecret(text: string): boolean {
  const bare = text.trim()
  if (bare === '' || bare.includes(HOLE) || /[()]/.test(bare)) return false
  return !REFERENCE.test(bare) && !HARMLESS.test(bare) && !/^\d{1,5}(?:\.\d+)?$/.test(bare)
}

/** What kind of secret a text holds, whatever it is called; never the secret. */
export function secretKind(text: string): string | undefined {
  if (!TEXT_HINT.test(text)) return undefined
  for (const [form, kind] of KINDS) if (form.test(text)) return kind
  for (const [, password = ''] of text.matchAll(URL_PASSWORD))
    if (isLiteralSecret(password)) return 'a URL with a password'
  return flagWithSecret(text)
}

/** The flag of a command line that is given a literal secret. */
export function flagWithSecret(text: string): string | undefined {
  for (const [, flag = '', value = ''] of text.matchAll(FLAG))
    if (isLiteralSecret(unquote(value)) && !value.startsWith('-')) return `the value of --${flag}`
  return undefined
}

/** Names of settings in a configuration file that hold literal secrets. */
export function secretsInFile(text: string): string[] {
  if (!NAME_HINT.test(text)) return []
  return text.split('\n').flatMap((line) => {
    if (line.length > 1000 || !NAME_HINT.test(line)) return []
    const [, redis, password = ''] = REDIS_LINE.exec(line) ?? []
    if (redis !== undefined) return isLiteralSecret(unquote(password)) ? [redis] : []
    const [, name = '', value = ''] = ASSIGNMENT.exec(line) ?? []
    return isSecretName(name) && isLiteralSecret(unquote(value)) ? [name] : []
  })
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, '$2')
}
