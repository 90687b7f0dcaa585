import { join } from 'node:path';
import { configDefaults, defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';

/**
 * Test configuration shared by all packages. Workspace packages resolve to their sources, so that tests never use a
 * stale build. Test files of a package share processes, because loading unbundled drizzle takes half a second each
 * time.
 */
export const sharedTestConfig = defineConfig({
  resolve: { conditions: ['@candle/source', 'node'] },
  ssr: { resolve: { conditions: ['@candle/source', 'node'] } },
  test: {
    reporters: [...configDefaults.reporters, join(import.meta.dirname, 'scripts/retried-tests.mjs')],
    isolate: false,
    // By default, vitest leaves one core unused, which is half of a machine with two cores.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

const slow = ['{src,test}/**/*.slow.test.ts'];

/** The tests of a package as two projects: `unit`, for the inner loop, and `slow`. */
export const packageTestConfig: ViteUserConfig = mergeConfig(sharedTestConfig, {
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['{src,test}/**/*.test.ts'], exclude: slow } },
      { extends: true, test: { name: 'slow', include: slow, testTimeout: 300_000 } },
    ],
  },
});

/** Tests that take minutes and have a separate command. They run one file after another, because they share the ports. */
export function longSuiteConfig(root: string, testTimeout: number): ViteUserConfig {
  return mergeConfig(sharedTestConfig, {
    test: {
      root,
      include: ['**/*.test.ts'],
      setupFiles: ['../test/lock-ports.ts'],
      fileParallelism: false,
      testTimeout,
    },
  });
}
