import { joinParts, type Parts, toParts } from '../compose/parts.ts'
import type { HealthTest } from '../compose/service.ts'
import { splitWords } from '../compose/words.ts'
import { alwaysPasses, shellScript } from '../rules/always-passes.ts'
import { type Probe, readProbe } from './probe.ts'

/** A probe with the password that was among its words. */
export type KnownProbe =
  | Exclude<Probe, { type: 'redis' }>
  | { readonly type: 'redis'; readonly words: readonly string[]; readonly password: Parts }

/** What a compose health check asks. */
export type HealthCommand =
  | { readonly kind: 'none' }
  /** It cannot fail, whatever the service does. */
  | { readonly kind: 'empty'; readonly how: string }
  /** `escape`: what would have let it pass always and is left out. */
  | { readonly kind: 'probe'; readonly probe: KnownProbe; readonly escape?: string }
  | { readonly kind: 'script'; readonly words: readonly Parts[]; readonly escape?: string }

const SHELL_SYNTAX = /[|&;<>()$`\n]/
/** A last part that hides every failure. */
const ESCAPE = /\s*\|\|\s*((?:\/bin\/)?(?:exit 0|true|:|echo\b[^|&;]*|printf\b[^|&;]*))\s*;?\s*$/
/** A last part that changes nothing: a failure is one anyway. */
const EXIT = /\s*\|\|\s*exit\s+(?:1|\$\?)\s*;?\s*$/

/** Understands a test as far as it can: a request or a connection to the service itself, else a command. */
export function readHealthCommand(test: HealthTest): HealthCommand {
  if (test.kind === 'none') return { kind: 'none' }
  const words: readonly Parts[] = test.kind === 'shell' ? [['/bin/sh'], ['-c'], test.command] : test.words
  const texts = words.map(show)
  const script = shellScript(texts)
  const how = alwaysPasses(texts)
  if (script === undefined) {
    if (how !== undefined) return { kind: 'empty', how }
    const probe = probeOf(words)
    return probe ? { kind: 'probe', probe } : { kind: 'script', words }
  }
  const wayOut = ESCAPE.exec(script)?.[1]
  if (how !== undefined && wayOut === undefined) return { kind: 'empty', how }
  const at = texts.indexOf(script)
  const kept = cut(words[at] ?? [], ESCAPE)
  const out = wayOut === undefined ? {} : { escape: `|| ${wayOut.trim()}` }
  const plain = cut(kept, EXIT)
  const split = SHELL_SYNTAX.test(show(plain)) ? undefined : splitWords(plain)
  const probe = split?.ok ? probeOf(split.words) : undefined
  if (probe) return { kind: 'probe', probe, ...out }
  return { kind: 'script', words: words.map((word, index) => (index === at ? kept : word)), ...out }
}

function probeOf(words: readonly Parts[]): KnownProbe | undefined {
  const probe = readProbe(words.map(show))
  if (probe?.type !== 'redis') return probe
  return { type: 'redis', words: probe.words, password: words[probe.passwordAt] ?? [] }
}

/** The parts without what the pattern finds at their end. */
function cut(parts: Parts, form: RegExp): Parts {
  const last = parts.at(-1)
  return typeof last === 'string'
    ? joinParts([...parts.slice(0, -1), ...toParts(last.replace(form, ''))])
    : parts
}

/** A word as text; a variable stands for some text. */
function show(parts: Parts): string {
  return parts.map((part) => (typeof part === 'string' ? part : '\uE000')).join('')
}
