import axios, { isAxiosError } from 'axios'
import pRetry, { AbortError } from 'p-retry'

export interface Webhook {
  /** Sends lines soon, in order; never waits, never throws. */
  send(lines: readonly string[]): void
  /** Sends what is left, for as long as `withinMs`. */
  close(withinMs: number): Promise<void>
}

export interface WebhookOptions {
  /** Holds a token: it is in no message of this. */
  readonly url: string
  /** Told when lines could not be sent for now, and why. */
  readonly onFailure: (why: string) => void
  readonly timeoutMs?: number
  /** The first wait between two tries; each next is twice as long. */
  readonly retryMs?: number
  /** After that many tries it waits `pauseMs`, and takes what has come meanwhile along. */
  readonly tries?: number
  readonly pauseMs?: number
}

/** Kept while the other side does not answer; the oldest go first. */
const MOST_LINES = 100
const LINES_AT_ONCE = 20

/** Posts `{"text": "..."}`, as Slack and those who follow it take it. */
export function createWebhook(options: WebhookOptions): Webhook {
  const { url, onFailure, timeoutMs = 10_000, retryMs = 1000, tries = 4, pauseMs = 60_000 } = options
  const waiting: string[] = []
  let dropped = 0
  let work: Promise<void> | undefined
  const stop = new AbortController()

  async function post(text: string): Promise<void> {
    try {
      const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(timeoutMs)])
      await axios.post(
        url,
        { text },
        { signal, timeout: timeoutMs, maxRedirects: 0, maxContentLength: 65_536 },
      )
    } catch (error) {
      const why = whyOf(error, timeoutMs)
      throw why.again ? new Error(why.words) : new AbortError(why.words)
    }
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0 && !stop.signal.aborted) {
      const lines = waiting.slice(0, LINES_AT_ONCE)
      const more = dropped > 0 ? [`(${dropped} earlier ones could not be sent)`] : []
      try {
        await pRetry(() => post([...more, ...lines].join('\n')), {
          retries: tries - 1,
          minTimeout: retryMs,
          maxTimeout: 30_000,
          randomize: true,
          signal: stop.signal,
        })
        waiting.splice(0, lines.length)
        dropped -= more.length > 0 ? dropped : 0
      } catch (error) {
        if (stop.signal.aborted) return
        onFailure((error as Error).message)
        await pause(pauseMs, stop.signal)
      }
    }
  }

  return {
    send(lines) {
      waiting.push(...lines)
      // Those that are being sent are in front.
      const over = waiting.length - MOST_LINES
      if (over > 0) dropped += waiting.splice(Math.min(LINES_AT_ONCE, waiting.length - over), over).length
      work ??= drain().finally(() => {
        work = undefined
      })
    },
    async close(withinMs) {
      if (work === undefined) return
      const timer = setTimeout(() => stop.abort(), withinMs)
      await work
      clearTimeout(timer)
    },
  }
}

function whyOf(error: unknown, timeoutMs: number): { readonly words: string; readonly again: boolean } {
  if (!isAxiosError(error)) return { words: 'a bug in the sender', again: false }
  const { response, code } = error
  if (response === undefined)
    return {
      words: code === 'ERR_CANCELED' ? `no answer within ${timeoutMs} ms` : (code ?? 'no answer'),
      again: true,
    }
  const { status } = response
  return { words: `the answer was ${status}`, again: status >= 500 || status === 429 || status === 408 }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
