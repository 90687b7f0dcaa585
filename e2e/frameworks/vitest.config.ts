import { longSuiteConfig } from '../../vitest.shared.ts';

/** Tests with real frameworks, installed by scripts/run-framework-tests.mjs. They take minutes on a busy machine. */
export default longSuiteConfig(import.meta.dirname, 300_000);
