import { defineConfig } from 'vitest/config';

/** The tests of all packages. `pnpm test:watch` runs the `unit` project of each. The tests in `e2e` need a build and are not included. */
export default defineConfig({
  test: { projects: ['packages/*/vitest.config.ts', 'apps/*/vitest.config.ts'] },
});
