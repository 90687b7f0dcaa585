import { mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../vitest.shared.ts';

export default mergeConfig(sharedTestConfig, {
  test: {
    include: ['test/**/*.test.ts', 'faults/**/*.test.ts', 'soak/**/*.test.ts'],
    // One file after another: tests of different files would see each other's listeners as ports in use. Lanes run
    // beside each other where they can have networks of their own: scripts/run-tests.mjs.
    fileParallelism: false,
    // Real processes on a shared machine: one that stands still for seconds is no fault of Candle's, twice in a row is.
    retry: process.env.CI ? 1 : 0,
  },
});
