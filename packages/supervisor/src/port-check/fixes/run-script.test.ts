import { expect, test } from 'vitest';
import { scriptCallIn, scriptTextIn, withArguments } from './run-script.ts';

test.each([
  ['npm run dev', 'npm', 'dev', 'npm run dev -- --port 1'],
  ['npm run dev -- --host', 'npm', 'dev', 'npm run dev -- --host --port 1'],
  ['exec npm start', 'npm', 'start', 'exec npm start -- --port 1'],
  ['pnpm run dev:web', 'pnpm', 'dev:web', 'pnpm run dev:web --port 1'],
  ['pnpm dev', 'pnpm', 'dev', 'pnpm dev --port 1'],
  ['yarn dev', 'yarn', 'dev', 'yarn dev --port 1'],
  ['bun run dev', 'bun', 'dev', 'bun run dev --port 1'],
])('%s runs a script and can pass arguments to it', (shell, manager, script, withMore) => {
  const call = scriptCallIn(shell);
  expect(call).toEqual({ manager, script });
  expect(call && withArguments(shell, call, '--port 1')).toBe(withMore);
});

test.each([
  'npm run build && npm run dev',
  'npm ci; npm start',
  'npx vite',
  'npm exec vite',
  'pnpm exec vite',
  'pnpm --filter web dev',
  'npm --prefix web run dev',
  'node server.js',
])('%s does not clearly run a single script', (shell) => {
  expect(scriptCallIn(shell)).toBeUndefined();
});

test('reads the text of a script from package.json, even if the file is malformed', () => {
  expect(scriptTextIn('{"scripts":{"dev":"vite"}}', 'dev')).toBe('vite');
  for (const other of ['{"scripts":{"dev":1}}', '{"scripts":{}}', '{}', 'null', '{', '[]', '']) {
    expect(scriptTextIn(other, 'dev'), other).toBeUndefined();
  }
});
