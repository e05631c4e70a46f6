import { hclLiteral, hclString } from '../spec/hcl.ts'
import type { Stack, Volume } from '../stack/stack.ts'
import type { PlannedJob } from './plan-jobs.ts'
import { DYNAMIC_ACCESS } from './plan-volumes.ts'

type DynamicVolume = Extract<Volume, { type: 'dynamic' }>

/** A specification for `nomad volume create` of each dynamic host volume that the rendered jobs claim. */
export function planVolumeFiles(stack: Stack, jobs: readonly PlannedJob[]): { path: string; text: string }[] {
  const used = new Set(
    jobs.flatMap(({ spec }) =>
      Object.values(spec.group ?? {}).flatMap(({ volume }) => Object.keys(volume ?? {})),
    ),
  )
  return Object.entries(stack.volumes).flatMap(([name, volume]) =>
    volume.type === 'dynamic' && used.has(name)
      ? [{ path: `volumes/${name}.volume.hcl`, text: volumeSpec(stack, name, volume) }]
      : [],
  )
}

function volumeSpec(stack: Stack, name: string, volume: DynamicVolume): string {
  const parameters = Object.entries({ uid: volume.uid, gid: volume.gid, mode: volume.mode }).flatMap(
    ([key, value]) => (value === undefined ? [] : [`${key} = ${hclString(String(value))}\n`]),
  )
  const capability = Object.entries(DYNAMIC_ACCESS).map(([key, value]) => `${key} = ${hclString(value)}\n`)
  return [
    `name = ${hclString(name)}\n`,
    'type = "host"\n',
    `plugin_id = ${hclString(volume.plugin)}\n`,
    stack.cluster.namespace === 'default' ? '' : `namespace = ${hclString(stack.cluster.namespace)}\n`,
    volume.capacityMb === undefined ? '' : `capacity_min = ${hclLiteral(`${volume.capacityMb}MiB`)}\n`,
    `\ncapability {\n${capability.join('')}}\n`,
    `\nparameters {\n${parameters.join('')}}\n`,
  ].join('')
}
