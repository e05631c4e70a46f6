import type { BodyShape } from '../free-body.ts'

const mount = { bind_options: {}, tmpfs_options: {}, volume_options: { driver_config: {} } }

/**
 * Which keys of each driver's `config` are blocks in HCL, and the blocks inside them. They stand apart from the
 * schemas, since every render needs them and few need a schema.
 */
export const DRIVER_BLOCKS: Readonly<Record<string, BodyShape>> = {
  docker: { auth: {}, devices: {}, healthchecks: {}, logging: {}, mount, mounts: mount },
  podman: { auth: {}, logging: {} },
}
