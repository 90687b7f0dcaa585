import { defineConfig, mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../../vitest.shared.ts';

/** Tests with real projects, made by scripts/run-up-tests.mjs. They take minutes on a busy machine. */
export default mergeConfig(
  sharedTestConfig,
  defineConfig({
    test: {
      root: import.meta.dirname,
      include: ['**/*.test.ts'],
      setupFiles: ['../test/lock-ports.ts'],
      fileParallelism: false,
      testTimeout: 600_000,
    },
  }),
);
