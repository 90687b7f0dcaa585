import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { failureOf, type McpOptions, serveMcp, textOf } from './mcp-client.ts';

/** Directories below the project's: those with a configuration, and those without. */
function directories(box: Sandbox, names: { configured?: readonly string[]; bare?: readonly string[] }) {
  for (const name of names.configured ?? []) box.writeFile(`${name}/.candle.json`, '{}');
  for (const name of names.bare ?? []) mkdirSync(join(box.projectDir, name), { recursive: true });
}

/** A server that was started where no project is, and a client that works in these directories. */
async function serveWithRoots(box: Sandbox, roots: readonly string[], options: McpOptions = {}) {
  const client = { capabilities: { roots: {} }, ...options.client };
  const mcp = await serveMcp(box, { cwd: box.home, ...options, client });
  mcp.client.setRequestHandler('roots/list', () => ({
    roots: roots.map((name) => ({ uri: pathToFileURL(join(box.projectDir, name)).href })),
  }));
  return mcp;
}

test.each(['2025', '2026'])('A client of %s that works in one project is asked for it', async (protocol) => {
  const box = sandbox();
  directories(box, { configured: ['shop/apps'], bare: ['elsewhere'] });
  const client = protocol === '2026' ? { versionNegotiation: { mode: 'auto' as const } } : {};
  const mcp = await serveWithRoots(box, ['elsewhere', 'shop/apps'], { client });
  const shop = join(box.projectDir, 'shop/apps');
  expect((await mcp.ask('ReservePort', { serviceName: 'api' })).projectDir).toBe(shop);
  expect((await mcp.ask('ListReservedPorts')).ports).toMatchObject([{ projectDir: shop }]);
  expect(mcp.log()).toBe('');
});

test('Of several roots that are projects none is chosen: the error names them, and projectDir settles it', async () => {
  const box = sandbox();
  directories(box, { configured: ['shop', 'blog'] });
  const mcp = await serveWithRoots(box, ['shop', 'blog']);
  const [shop, blog] = ['shop', 'blog'].map((name) => join(box.projectDir, name));
  const refused = await mcp.call('ListServices');
  expect(textOf(refused)).toBe(`The client works in 2 projects: ${shop}, ${blog}\nSet projectDir to one of them.`);
  expect(failureOf(refused).code).toBe('MCP_ROOT_NOT_CHOSEN');
  expect(await mcp.ask('ListServices', { projectDir: shop })).toEqual({ services: [] });
});

test('Roots that are no project yet: the only one becomes one, several are named, none is as without roots', async () => {
  const box = sandbox();
  directories(box, { bare: ['one', 'other'] });
  const single = await serveWithRoots(box, ['one']);
  expect(failureOf(await single.call('ListServices')).code).toBe('PROJECT_NOT_FOUND');
  expect((await single.ask('ReservePort')).projectDir).toBe(join(box.projectDir, 'one'));

  directories(box, { bare: ['third', 'fourth'] });
  const several = await serveWithRoots(box, ['third', 'fourth']);
  expect(failureOf(await several.call('ReservePort')).sentence).toBe(
    `None of the 2 directories that the client works in is a project: ${join(box.projectDir, 'third')}, ${join(box.projectDir, 'fourth')}`,
  );
  const none = await serveWithRoots(box, []);
  expect(failureOf(await none.call('ReservePort')).code).toBe('PROJECT_TOO_WIDE');
});

test('Where the server stands in a project, or was told one, the client is not asked', async () => {
  const box = sandbox({ config: {} });
  directories(box, { configured: ['shop', 'blog'] });
  const here = await serveWithRoots(box, ['shop'], { cwd: box.projectDir });
  expect((await here.ask('ReservePort')).projectDir).toBe(box.projectDir);
  const told = await serveWithRoots(box, ['shop'], { args: ['mcp', '--project', join(box.projectDir, 'blog')] });
  expect((await told.ask('ReservePort')).projectDir).toBe(join(box.projectDir, 'blog'));
});

test('A client that fails to tell its roots is told to give projectDir', async () => {
  const box = sandbox();
  const mcp = await serveWithRoots(box, []);
  mcp.client.setRequestHandler('roots/list', () => {
    throw new Error('no roots today');
  });
  expect(textOf(await mcp.call('ListServices'))).toMatch(/\nSet projectDir to the directory of the project\.$/);
});
