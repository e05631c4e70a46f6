import { defineConfig } from 'vitest/config'

/** Tests with real workers, which need the machine for themselves. */
const REAL = [
  'test/worker/**/*.test.ts',
  'test/contract/queue-source/**/*.test.ts',
  'test/retirement/**/*.test.ts',
]
/** Tests with servers or browsers of their own, which wait more than they work: three at a time. */
const SERVERS = [
  'test/contract/{consul,consul-api,dashboard,nomad,scaler}/**/*.test.ts',
  'test/contract/*.test.ts',
  'test/e2e/alone/**/*.test.ts',
]

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...REAL, ...SERVERS],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'real',
          include: REAL,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'servers',
          include: SERVERS,
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      'test/e2e/vitest.config.ts',
    ],
    reporters: ['default', './script/closing-line.mjs'],
  },
})
