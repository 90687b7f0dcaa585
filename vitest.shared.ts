import { defineConfig } from 'vitest/config';

/**
 * What every package's tests share. Workspace packages resolve to their sources, so that a test never sees a stale
 * build; one process per package instead of one per file, because loading drizzle unbundled costs half a second each.
 */
export const sharedTestConfig = defineConfig({
  resolve: { conditions: ['@candle/source', 'node'] },
  ssr: { resolve: { conditions: ['@candle/source', 'node'] } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    isolate: false,
    // Of their own accord they would leave one core to others, which on two is half of the machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
