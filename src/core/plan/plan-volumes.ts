import { compact } from '../compact.ts'
import type { VolumeSpec } from '../spec/jobspec.ts'
import type { Stack, Task, Volume } from '../stack/stack.ts'

/** The volumes that a group claims; docker's own volumes are mounts of the driver and not among them. */
export function planVolumes(stack: Stack, tasks: readonly Task[]): Record<string, VolumeSpec> {
  const mounts = tasks.flatMap((task) => task.mounts.filter((mount) => 'volume' in mount))
  const planned: Record<string, VolumeSpec> = {}
  for (const { volume: name } of mounts) {
    const volume = stack.volumes[name]
    const isRead = mounts.every((mount) => mount.volume !== name || mount.readOnly)
    if (volume && volume.type !== 'docker') planned[name] = planVolume(name, volume, isRead)
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

/** @param isRead whether no task of the group writes to it */
function planVolume(name: string, volume: Exclude<Volume, { type: 'docker' }>, isRead: boolean): VolumeSpec {
  if (volume.type === 'host') return { type: 'host', source: volume.source }
  if (volume.type === 'dynamic') return { type: 'host', source: name, ...DYNAMIC_ACCESS }
  const options = compact({
    fs_type: volume.fsType,
    mount_flags: volume.mountFlags.length > 0 ? volume.mountFlags : undefined,
  })
  return compact({
    type: 'csi',
    source: volume.source,
    // A claim to read leaves the one claim to write, which some access modes have, to others.
    read_only: isRead || volume.accessMode.endsWith('reader-only') || undefined,
    access_mode: volume.accessMode,
    attachment_mode: volume.attachmentMode,
    mount_options: Object.keys(options).length > 0 ? options : undefined,
  })
}
