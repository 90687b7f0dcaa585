import { mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../vitest.shared.ts';

export default mergeConfig(sharedTestConfig, {
  test: {
    include: ['test/**/*.test.ts', 'faults/**/*.test.ts', 'soak/**/*.test.ts'],
    // Test files run one after another, because they would see each other's listeners as ports in use. Where separate
    // network namespaces are available, scripts/run-tests.mjs runs several lanes in parallel.
    fileParallelism: false,
    setupFiles: ['test/lock-ports.ts'],
    // The tests use real processes on a shared machine, where one may stall for seconds. A second failure in a row is a bug.
    retry: process.env.CI ? 1 : 0,
  },
});
