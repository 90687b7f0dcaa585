import { longSuiteConfig } from '../../vitest.shared.ts';

/** Tests that take minutes and download Node from the npm registry. The quick ones are in ../test/install, for `npm test`. */
export default longSuiteConfig(import.meta.dirname, 300_000);
