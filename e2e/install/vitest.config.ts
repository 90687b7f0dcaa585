import { defineConfig, mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../../vitest.shared.ts';

/** Tests that take minutes and download Node from the npm registry. The quick ones are in ../test/install, for `npm test`. */
export default mergeConfig(
  sharedTestConfig,
  defineConfig({
    test: {
      root: import.meta.dirname,
      include: ['**/*.test.ts'],
      setupFiles: ['../test/lock-ports.ts'],
      fileParallelism: false,
      testTimeout: 300_000,
    },
  }),
);
