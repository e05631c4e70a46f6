import { createStackReader } from '../../src/adapters/stack-file.ts'
import type { ScalerConfig } from '../../src/config/config.ts'
import type { Issue } from '../../src/core/issue.ts'
import type { Stack } from '../../src/core/stack/stack.ts'
import { alertWebhook, apiToken, type Environment, environmentOf } from './environment.ts'
import { loadConfig } from './load-config.ts'

export interface SetupFiles {
  readonly stack: string
  /** Lays `stack.<environment>.yml` over it. */
  readonly environment?: string | undefined
  readonly config?: string | undefined
}

/** What a daemon runs by, as its files say. */
export interface Setup {
  readonly config: ScalerConfig
  readonly stack: Stack
  readonly warnings: readonly Issue[]
  /** With what the configuration says of Nomad and Redis. */
  readonly env: Environment
  readonly token?: string
  readonly webhook?: string
}

/**
 * Reads configuration and stack, as often as it is called; throws what is wrong with the first of them that is.
 * @param onFile told each file before it is read, so that a watcher also knows those that are wrong
 */
export function setupReader(
  files: SetupFiles,
  env: Environment,
  onFile: (file: string) => void = () => {},
): () => Setup {
  const readStack = createStackReader()
  return () => {
    if (files.config !== undefined) onFile(files.config)
    const config = loadConfig(files.config)
    const token = apiToken(config, env)
    const webhook = alertWebhook(config, env)
    const { stack, warnings } = readStack({ file: files.stack, environment: files.environment, onFile })
    return {
      config,
      stack,
      warnings,
      env: environmentOf(config, env),
      ...(token === undefined ? {} : { token }),
      ...(webhook === undefined ? {} : { webhook }),
    }
  }
}
