import { defineConfig } from 'vitest/config';

/** The unit tests of all packages, for `pnpm test:watch`. The tests in `e2e` need a build and are not included. */
export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts'] },
});
