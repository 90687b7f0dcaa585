import { defineConfig } from 'vitest/config';

/**
 * Test configuration shared by all packages. Workspace packages resolve to their sources, so that tests never use a
 * stale build. Test files of a package share processes, because loading unbundled drizzle takes half a second each
 * time.
 */
export const sharedTestConfig = defineConfig({
  resolve: { conditions: ['@candle/source', 'node'] },
  ssr: { resolve: { conditions: ['@candle/source', 'node'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    isolate: false,
    // By default, vitest leaves one core unused, which is half of a machine with two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
