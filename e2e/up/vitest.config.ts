import { longSuiteConfig } from '../../vitest.shared.ts';

/** Tests with real projects, made by scripts/run-up-tests.mjs. They take minutes on a busy machine. */
export default longSuiteConfig(import.meta.dirname, 600_000);
