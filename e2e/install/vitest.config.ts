import { defineConfig, mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../../vitest.shared.ts';

/** What takes minutes, and the npm registry for its Nodes; `npm test` has the short part, in ../test/install. */
export default mergeConfig(
  sharedTestConfig,
  defineConfig({
    test: { root: import.meta.dirname, include: ['**/*.test.ts'], fileParallelism: false, testTimeout: 300_000 },
  }),
);
