// The command that Drover renders for a Celery worker, by Drover's own code: Node 20 reads no TypeScript.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

export async function renderedCommand({ concurrency, visibilityTimeoutMs, transportOptions = {} }) {
  const outfile = join(root, 'node_modules/.cache', `celery-command-${process.pid}.mjs`)
  await build({
    absWorkingDir: root,
    entryPoints: ['src/core/stack/celery.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
  try {
    const { celeryCommand } = await import(pathToFileURL(outfile).href)
    const words = celeryCommand(
      'group',
      ['one'],
      concurrency,
      { app: 'celery_program', logLevel: 'INFO', prefetchMultiplier: 1, acksLate: true, arguments: [] },
      {
        software: 'celery',
        service: 'redis',
        database: 0,
        prefix: '',
        visibilityTimeoutMs,
        transportOptions,
      },
    )
    return words.map(([word]) => word)
  } finally {
    rmSync(outfile)
  }
}
