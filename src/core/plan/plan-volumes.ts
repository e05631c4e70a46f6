import { compact } from '../compact.ts'
import type { VolumeSpec } from '../spec/jobspec.ts'
import type { Stack, Task, Volume } from '../stack/stack.ts'

/** The volumes that a group claims; docker's own volumes are mounts of the driver and not among them. */
export function planVolumes(stack: Stack, tasks: readonly Task[]): Record<string, VolumeSpec> {
  const planned: Record<string, VolumeSpec> = {}
  for (const { mounts } of tasks)
    for (const mount of mounts) {
      const volume = 'volume' in mount ? stack.volumes[mount.volume] : undefined
      if ('volume' in mount && volume && volume.type !== 'docker')
        planned[mount.volume] = planVolume(mount.volume, volume)
    }
  return planned
}

/**
 * Whoever reads and whoever writes a dynamic volume claims it in the same way, the only one in which both
 * are placed; what makes a reader is its mount.
 */
export const DYNAMIC_ACCESS = {
  access_mode: 'single-node-multi-writer',
  attachment_mode: 'file-system',
} as const

function planVolume(name: string, volume: Exclude<Volume, { type: 'docker' }>): VolumeSpec {
  if (volume.type === 'host') return { type: 'host', source: volume.source }
  if (volume.type === 'dynamic') return { type: 'host', source: name, ...DYNAMIC_ACCESS }
  const options = compact({
    fs_type: volume.fsType,
    mount_flags: volume.mountFlags.length > 0 ? volume.mountFlags : undefined,
  })
  return compact({
    type: 'csi',
    source: volume.source,
    access_mode: volume.accessMode,
    attachment_mode: volume.attachmentMode,
    mount_options: Object.keys(options).length > 0 ? options : undefined,
  })
}
