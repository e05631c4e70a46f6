import type { CauseCode, SourceCause } from '../scaling/sample.ts'

const CAUSES: readonly (readonly [pattern: RegExp, code: CauseCode, words: string])[] = [
  [
    /^(?:NOAUTH|WRONGPASS)|invalid (?:username-)?password|AUTH.*(?:failed|without any password)/i,
    'auth',
    'Redis refuses the credentials',
  ],
  [/^NOPERM/, 'no-permission', 'the Redis user may not do this'],
  [/^LOADING/, 'loading', 'Redis is still loading its data'],
  [/^(?:READONLY|MASTERDOWN)/, 'readonly', 'this Redis is a replica'],
  [/^OOM/, 'memory', 'Redis is out of memory'],
  [/^BUSY /, 'busy', 'Redis is busy with a script'],
  [
    /^(?:CLUSTERDOWN|MOVED|ASK|TRYAGAIN|CROSSSLOT)|Cluster|slots cache/,
    'cluster-down',
    'the Redis Cluster does not serve this key',
  ],
  [/WRONGTYPE/, 'wrong-type', 'a key is of the wrong type'],
  [/certificate|self.signed|TLS|SSL|EPROTO|ERR_TLS/i, 'tls', 'TLS failed'],
  [/timed? ?out/i, 'timeout', 'Redis did not answer in time'],
  [
    /ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT|EACCES|[Cc]onnection (?:is )?closed|max retries|isn't writ[ea]able|sentinel/i,
    'unreachable',
    'Redis is not reachable',
  ],
]

/** Why Redis or the way to it failed, from the text of an error. */
export function redisCause(message: string): SourceCause {
  const [, code, words] = CAUSES.find(([pattern]) => pattern.test(message)) ?? [
    /./,
    'rejected',
    'Redis said no',
  ]
  return { code, message: `${words} (${message.slice(0, 200)})` }
}
