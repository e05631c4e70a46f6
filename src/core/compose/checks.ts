import { closest } from '../closest.ts'
import type { DocumentPath, Issue, Position } from '../issue.ts'
import type { ModelContent } from './read-model.ts'
import type { ComposeService } from './service.ts'

/** What one service or name says about another must be there: dependencies, volumes, networks, secrets, configs. */
export function checkReferences(model: ModelContent): Issue[] {
  const names = Object.keys(model.services)
  if (names.length === 0) return []
  return Object.values(model.services).flatMap((service) => [
    ...checkImage(service),
    ...Object.entries(service.dependsOn)
      .filter(([, { value }]) => value.required)
      .flatMap(([name, { position }]) =>
        missing('service', name, names, [service.name, 'depends_on', name], position),
      ),
    ...service.volumes.flatMap(({ value: { type, source }, position }, index) =>
      type !== 'volume' || source === undefined
        ? []
        : missing('volume', source, Object.keys(model.volumes), [service.name, 'volumes', index], position),
    ),
    ...Object.entries(service.networks ?? {}).flatMap(([name, { position }]) =>
      missing(
        'network',
        name,
        ['default', ...Object.keys(model.networks)],
        [service.name, 'networks', name],
        position,
      ),
    ),
    ...(['secrets', 'configs'] as const).flatMap((kind) =>
      service[kind].flatMap(({ value, position }, index) =>
        missing(
          kind.slice(0, -1),
          value.source,
          Object.keys(model[kind]),
          [service.name, kind, index],
          position,
        ),
      ),
    ),
  ])
}

function checkImage({ name, image, build, position }: ComposeService): Issue[] {
  if (image || build) return []
  const message = 'has neither an image nor a build'
  return [
    {
      severity: 'error',
      code: 'compose-no-image',
      path: ['services', name],
      message,
      fix: 'add "image: NAME"',
      position,
    },
  ]
}

function missing(
  kind: string,
  name: string,
  known: readonly string[],
  path: DocumentPath,
  position: Position,
): Issue[] {
  if (known.includes(name)) return []
  const near = closest(name, known)
  return [
    {
      severity: 'error',
      code: `compose-unknown-${kind}`,
      path: ['services', ...path],
      message: `there is no ${kind} "${name}"`,
      fix: near === undefined ? `declare it under "${kind}s"` : `did you mean "${near}"?`,
      position,
    },
  ]
}
