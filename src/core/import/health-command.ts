import { literalParts, type Parts, toParts } from '../compose/parts.ts'
import type { HealthTest } from '../compose/service.ts'
import { splitWords } from '../compose/words.ts'
import { alwaysPasses, shellScript } from '../rules/always-passes.ts'
import { type Probe, readProbe } from './probe.ts'

/** What a compose health check asks. */
export type HealthCommand =
  | { readonly kind: 'none' }
  /** It cannot fail, whatever the service does. */
  | { readonly kind: 'empty'; readonly how: string }
  /** `escape`: what would have let it pass always and is left out. */
  | { readonly kind: 'probe'; readonly probe: Probe; readonly escape?: string }
  | { readonly kind: 'script'; readonly words: readonly Parts[]; readonly escape?: string }

const SHELL_SYNTAX = /[|&;<>()$`\n]/

/** Understands a test as far as it can: a request or a connection to the service itself, else a command. */
export function readHealthCommand(test: HealthTest): HealthCommand {
  if (test.kind === 'none') return { kind: 'none' }
  const words = test.kind === 'shell' ? [['/bin/sh'], ['-c'], test.command] : test.words
  const texts = words.map(showParts)
  const script = shellScript(texts)
  if (script === undefined) {
    const how = alwaysPasses(texts)
    if (how !== undefined) return { kind: 'empty', how }
    const probe = readProbe(texts)
    return probe ? { kind: 'probe', probe } : { kind: 'script', words }
  }
  return readScript(words, texts.indexOf(script), script)
}

function readScript(words: readonly Parts[], at: number, script: string): HealthCommand {
  const passes = alwaysPasses(words.map(showParts))
  const { kept, escape } = withoutEscape(script)
  if (passes !== undefined && escape === undefined) return { kind: 'empty', how: passes }
  const out = escape === undefined ? {} : { escape }
  const plain = kept.replace(/\s*\|\|\s*exit\s+(?:1|\$\?)\s*;?\s*$/, '')
  if (!SHELL_SYNTAX.test(plain)) {
    const split = splitWords(toParts(plain))
    const probe = split.ok ? readProbe(split.words.map(showParts)) : undefined
    if (probe) return { kind: 'probe', probe, ...out }
  }
  if (escape === undefined) return { kind: 'script', words }
  const parts = words[at] ?? []
  const text = literalParts(parts)
  // Cut off at the end, so that variables before it stay.
  const last = parts.at(-1)
  const cut: Parts =
    text !== undefined
      ? toParts(kept)
      : typeof last === 'string'
        ? [...parts.slice(0, -1), withoutEscape(last).kept]
        : parts
  return { kind: 'script', words: words.map((word, index) => (index === at ? cut : word)), ...out }
}

/** The script without a last `|| true` and the like, which would hide every failure. */
function withoutEscape(script: string): { kept: string; escape?: string } {
  const form = /\s*\|\|\s*((?:\/bin\/)?(?:exit 0|true|:|echo\b[^|&;]*|printf\b[^|&;]*))\s*;?\s*$/
  const escape = form.exec(script)?.[1]
  return escape === undefined ? { kept: script } : { kept: script.replace(form, ''), escape: `|| ${escape.trim()}` }
}

/** A word as text; a variable stands for some text. */
function showParts(parts: Parts): string {
  return parts.map((part) => (typeof part === 'string' ? part : '\uE000')).join('')
}
