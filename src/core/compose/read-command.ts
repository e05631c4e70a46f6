import type { Issue } from '../issue.ts'
import type { Sourced } from './model.ts'
import { childOf, isNull } from './node.ts'
import type { Parts } from './parts.ts'
import { type MapReader, partsOf, type ReaderContext, sourced } from './reader.ts'
import type { HealthTest } from './service.ts'
import { shellSyntaxIn, splitWords } from './words.ts'

/** `command` or `entrypoint`: a list as it is, a text split into words. */
export function readCommand(
  service: MapReader,
  key: string,
  context: ReaderContext,
): Sourced<readonly Parts[]> | undefined {
  const node = childOf(service.node, key)
  if (!node || isNull(node)) return undefined
  const path = [...service.path, key]
  if (node.kind === 'list') return sourced(node.items.map(partsOf), node, path)
  const parts = partsOf(node)
  const split = splitWords(parts)
  const report = (severity: Issue['severity'], code: string, message: string, fix: string): undefined => {
    context.issues.push({ severity, code, path, message, fix, position: node.position })
  }
  if (!split.ok) return report('error', 'compose-command', split.problem, 'close the quote, or write a list')
  const syntax = shellSyntaxIn(parts)
  if (syntax !== undefined) {
    const message = `"${syntax}" is an argument here, not shell syntax: no shell runs this command`
    report('warning', 'compose-shell-syntax', message, 'write ["sh", "-c", "..."] if a shell is meant')
  }
  return sourced(split.words, node, path)
}

/** The test of a health check in any of its forms. */
export function readHealthTest(
  healthcheck: MapReader,
  context: ReaderContext,
): Sourced<HealthTest> | undefined {
  const node = childOf(healthcheck.node, 'test')
  if (!node || isNull(node)) return undefined
  const path = [...healthcheck.path, 'test']
  if (node.kind !== 'list') return sourced({ kind: 'shell', command: partsOf(node) }, node, path)
  const [kind, ...words] = node.items.map(partsOf)
  const name = kind?.join('') ?? ''
  if (name === 'NONE') return sourced({ kind: 'none' }, node, path)
  if (name === 'CMD' && words.length > 0) return sourced({ kind: 'exec', words }, node, path)
  const [command] = words
  if (name === 'CMD-SHELL' && command) return sourced({ kind: 'shell', command }, node, path)
  const message = ['CMD', 'CMD-SHELL'].includes(name)
    ? `${name} has no command`
    : `"${name}" is not CMD, CMD-SHELL or NONE`
  const fix = 'write ["CMD", PROGRAM, ARGUMENT...] or one text for a shell'
  context.issues.push({
    severity: 'error',
    code: 'compose-value',
    path,
    message,
    fix,
    position: node.position,
  })
  return undefined
}
