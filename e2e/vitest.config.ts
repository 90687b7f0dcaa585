import { mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../vitest.shared.ts';

export default mergeConfig(sharedTestConfig, {
  test: {
    include: ['test/**/*.test.ts', 'faults/**/*.test.ts', 'soak/**/*.test.ts'],
    // Files run one by one, because tests in different files would see each other's listeners as ports in use.
    // scripts/run-tests.mjs runs several lanes in parallel where they can have separate networks.
    fileParallelism: false,
    // Tests run real processes on a shared machine. A pause of seconds is not a bug in Candle, but a second failure is.
    retry: process.env.CI ? 1 : 0,
  },
});
