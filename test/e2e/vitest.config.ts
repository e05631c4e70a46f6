import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Tests against a real Nomad, Consul and Docker. They share one cluster, so they run one after the other. */
export default defineConfig({
  test: {
    name: 'e2e',
    root: join(import.meta.dirname, '../..'),
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['./test/e2e/global-setup.ts'],
    fileParallelism: false,
    sequence: { groupOrder: 3 },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 60_000,
  },
})
