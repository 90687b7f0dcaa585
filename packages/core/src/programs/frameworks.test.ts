import { expect, test } from 'vitest';
import { findFramework, withFlag } from './frameworks.ts';

test.each([
  ['vite --host', 'vite --host --port 1 --strictPort'],
  ['next dev -p 3000 --turbo', 'next dev -p 1 --turbo'],
  ['astro dev --port=3000', 'astro dev --port 1'],
  ['deno serve -A main.ts', 'deno serve --port 1 -A main.ts'],
  ['deno serve --watch --port 8000 main.ts', 'deno serve --port 1 --watch main.ts'],
  ['npx @11ty/eleventy --serve --quiet', 'npx @11ty/eleventy --serve --quiet --port=1'],
  ['rsbuild dev', 'rsbuild dev --port 1'],
  ['rspack serve -c a.js', 'rspack serve -c a.js --port 1'],
  ['vitepress dev docs', 'vitepress dev docs --port 1'],
])('the flag of "%s" is added, or replaces its port', (shell, changed) => {
  const framework = findFramework(shell);
  const flag = framework?.flag?.replace('$PORT', '1') ?? '';
  expect(framework && withFlag(framework, flag, shell)).toBe(changed);
});

test.each(['rsbuild build', 'rspack build', 'vitepress build docs', 'eleventy', 'nitro build', 'deno run main.ts'])(
  '%s does not serve',
  (shell) => {
    expect(findFramework(shell)).toBeUndefined();
  },
);
