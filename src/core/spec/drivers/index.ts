import { docker } from './docker.ts'
import type { Driver } from './driver.ts'
import { exec } from './exec.ts'
import { podman } from './podman.ts'
import { rawExec } from './raw-exec.ts'

/** The task drivers that Drover knows, by name. A new one is its file and a word here. */
export const DRIVERS: ReadonlyMap<string, Driver> = new Map(
  [docker, exec, rawExec, podman].map((driver) => [driver.name, driver]),
)
