import { isAxiosError } from 'axios'
import { DroverError } from '../src/errors.ts'

export interface Asked {
  /** After "to". */
  readonly what: string
  readonly needs: string
  readonly address: string
}

const LONGEST_WORDS = 500

/**
 * What went wrong with a request, for a person: UNAVAILABLE where a later try may do, else REJECTED in Consul's own
 * words. Nothing of the request is kept with it: its headers hold the token.
 */
export function consulRefusal(error: unknown, { what, needs, address }: Asked): unknown {
  if (!isAxiosError(error)) return error
  const { response } = error
  if (response === undefined)
    return new DroverError(
      'UNAVAILABLE',
      `Consul does not answer at ${address}: ${error.message || error.code}`,
      {
        hint: 'CONSUL_HTTP_ADDR says where its agent is.',
      },
    )
  const words = wordsOf(response.data)
  if (response.status === 403 || /permission denied|ACL not found/i.test(words))
    return forbidden(words, what, needs)
  const text = `Consul answered ${response.status} to the request to ${what}: ${words}`
  const passing =
    response.status === 429 || (response.status >= 500 && /leader|rpc error|timed? ?out/i.test(words))
  return new DroverError(passing ? 'UNAVAILABLE' : 'REJECTED', text)
}

function forbidden(words: string, what: string, needs: string): DroverError {
  const isUnknown = /ACL not found/i.test(words)
  const missing = /lacks permission '([^']+)'(?: on \\?"?([^"\\]*))?/.exec(words)
  const named = missing?.[2] ? `${missing[1]} on "${missing[2]}"` : missing?.[1]
  return isUnknown
    ? new DroverError('REJECTED', `Consul does not know the token, so it refuses to ${what}`, {
        hint: 'CONSUL_HTTP_TOKEN, or the file that CONSUL_HTTP_TOKEN_FILE names, holds it.',
      })
    : new DroverError('REJECTED', `Consul refuses to ${what}: the token lacks ${named ?? needs}`, {
        hint: 'drover consul policy prints what it needs.',
      })
}

/** A transaction that was refused answers with a list, all else with a text. */
function wordsOf(answer: unknown): string {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer ?? '')
  return text.trim().slice(0, LONGEST_WORDS)
}
