import { closest } from '../closest.ts'
import type { DocumentPath } from '../issue.ts'
import type { Job, Selector } from '../stack/stack.ts'
import { forEachJob, list, type Rule } from './rule.ts'

const COMPARE = [
  '=',
  '==',
  'is',
  '!=',
  'not',
  '<',
  '<=',
  '>',
  '>=',
  'regexp',
  'version',
  'semver',
  'set_contains',
  'set_contains_all',
  'set_contains_any',
]
/** These work in constraints only. */
const ONLY_CONSTRAINTS = ['distinct_hosts', 'distinct_property', 'is_set', 'is_not_set']
const ATTRIBUTES = [
  '${node.unique.id}',
  '${node.datacenter}',
  '${node.unique.name}',
  '${node.class}',
  '${node.pool}',
]

export const unknownOperator: Rule = {
  code: 'unknown-operator',
  severity: 'error',
  silenceable: false,
  reason: 'Nomad refuses operators that it does not know.',
  fix: 'use one of the known operators',
  check: forEachJob(function* (job) {
    for (const { selector, kind, path } of selectors(job)) {
      const known = kind === 'constraints' ? [...COMPARE, ...ONLY_CONSTRAINTS] : COMPARE
      if (known.includes(selector.operator)) continue
      const near = closest(selector.operator, known)
      yield {
        path: [...path, 'operator'],
        message: `no operator "${selector.operator}" in ${kind}`,
        fix: near === undefined ? `known: ${known.join(', ')}` : `did you mean "${near}"?`,
      }
    }
  }),
}

export const operatorValue: Rule = {
  code: 'operator-value',
  severity: 'error',
  silenceable: false,
  reason:
    'Most operators compare with a value; is_set and is_not_set have none, and distinct_property takes a number of at least 1.',
  fix: 'add `value`',
  check: forEachJob(function* (job) {
    for (const { selector, path } of selectors(job)) {
      const { operator, value = '' } = selector
      const at = value === '' ? path : [...path, 'value']
      if (operator === 'is_set' || operator === 'is_not_set') {
        if (value !== '')
          yield { path: at, message: `the operator ${operator} takes no value`, fix: 'remove `value`' }
      } else if (operator === 'distinct_property') {
        if (value !== '' && !/^[1-9]\d*$/.test(value))
          yield {
            path: at,
            message: `distinct_property takes a number of at least 1, not "${value}"`,
            fix: 'write a number in quotes',
          }
      } else if (value === '' && COMPARE.includes(operator))
        yield { path: at, message: `the operator ${operator} needs a value` }
    }
  }),
}

export const unknownAttribute: Rule = {
  code: 'unknown-attribute',
  severity: 'error',
  silenceable: false,
  reason:
    'Nomad knows ${node.…}, ${attr.…}, ${meta.…} and ${device.…} of a node, and refuses anything else in "${}".',
  fix: `use ${ATTRIBUTES.join(', ')}, or one of \${attr.…}, \${meta.…} and \${device.…}`,
  check: forEachJob(function* (job) {
    for (const { selector, path } of selectors(job)) {
      const { attribute } = selector
      if (
        !attribute.startsWith('$') ||
        ATTRIBUTES.includes(attribute) ||
        /^\$\{(?:attr|meta|device)\..+\}$/.test(attribute)
      )
        continue
      const near = closest(attribute, ATTRIBUTES)
      yield {
        path: [...path, 'attribute'],
        message: `no attribute "${attribute}"`,
        ...(near === undefined ? {} : { fix: `did you mean "${near}"?` }),
      }
    }
  }),
}

export const spreadOverAll: Rule = {
  code: 'spread-above-100',
  severity: 'error',
  silenceable: false,
  reason: 'The targets of a spread are parts of all allocations, in percent.',
  fix: 'keep the sum at 100 or below',
  check: forEachJob(function* (job) {
    for (const [index, { targets }] of job.spread.entries()) {
      const sum = Object.values(targets).reduce((total, percent) => total + percent, 0)
      if (sum > 100)
        yield {
          path: [...job.path, 'spread', index, 'targets'],
          message: `${list(Object.keys(targets))} add up to ${sum} percent`,
        }
    }
  }),
}

interface PlacedSelector {
  readonly selector: Selector
  readonly kind: 'constraints' | 'affinities'
  readonly path: DocumentPath
}

function selectors(job: Job): PlacedSelector[] {
  return (['constraints', 'affinities'] as const).flatMap((kind) =>
    job[kind].map((selector, index) => ({ selector, kind, path: [...job.path, kind, index] })),
  )
}
