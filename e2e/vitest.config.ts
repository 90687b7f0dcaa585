import { mergeConfig } from 'vitest/config';
import { sharedTestConfig } from '../vitest.shared.ts';

// One file after another: tests of different files would see each other's listeners as ports in use.
export default mergeConfig(sharedTestConfig, { test: { fileParallelism: false } });
