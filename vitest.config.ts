import { defineConfig } from 'vitest/config'

/** Tests with real servers and workers, which need the machine for themselves. */
const REAL = ['test/worker/**/*.test.ts', 'test/contract/**/*.test.ts', 'test/retirement/**/*.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...REAL],
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
      'test/e2e/vitest.config.ts',
    ],
    reporters: ['default', './script/closing-line.mjs'],
  },
})
