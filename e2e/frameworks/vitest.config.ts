import { defineConfig, mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../../vitest.shared.ts';

/** Real frameworks, installed by scripts/run-framework-tests.mjs; they take minutes on a busy machine. */
export default mergeConfig(
  sharedTestConfig,
  defineConfig({
    test: { root: import.meta.dirname, include: ['**/*.test.ts'], fileParallelism: false, testTimeout: 300_000 },
  }),
);
