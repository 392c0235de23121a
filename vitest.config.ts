import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LeftOut } from './test/left-out.ts'

/** End-to-end tests start processes, open ports and measure: one file at a time, after the others, so that none disturbs another. */
const E2E = 'test/e2e/**/*.test.ts'
/** Clients of AWS against a cloud of the file's own. They share what they import: the SDK takes a second to load. */
const CONFORMANCE = 'test/conformance/**/*.test.ts'

export default defineConfig({
  // What `exports` of package.json say, for the sources.
  resolve: { alias: { 'fleetsim/plugin': fileURLToPath(new URL('src/plugin.ts', import.meta.url)) } },
  test: {
    // The closing lines are vitest's own.
    reporters: [new LeftOut(), 'default'],
    maxWorkers: Math.max(1, Math.min(4, availableParallelism())),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [E2E, CONFORMANCE],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          include: [CONFORMANCE],
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: [E2E], fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
