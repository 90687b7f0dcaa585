import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { failureOf, type McpOptions, serveMcp, textOf } from './mcp-client.ts';

/** Creates directories in the project's directory: some with a configuration, some without. */
function createDirectories(box: Sandbox, names: { configured?: readonly string[]; bare?: readonly string[] }) {
  for (const name of names.configured ?? []) box.writeFile(`${name}/.candle.json`, '{}');
  for (const name of names.bare ?? []) mkdirSync(join(box.projectDir, name), { recursive: true });
}

/** Starts a server outside any project, with a client that reports these directories as its roots. */
async function serveWithRoots(box: Sandbox, roots: readonly string[], options: McpOptions = {}) {
  const client = { capabilities: { roots: {} }, ...options.client };
  const mcp = await serveMcp(box, { cwd: box.home, ...options, client });
  mcp.client.setRequestHandler('roots/list', () => ({
    roots: roots.map((name) => ({ uri: pathToFileURL(join(box.projectDir, name)).href })),
  }));
  return mcp;
}

test.each(['2025', '2026'])(
  'The server asks a client of the %s protocol for its roots, and uses the only one that is a project',
  async (protocol) => {
    const box = sandbox();
    createDirectories(box, { configured: ['shop/apps'], bare: ['elsewhere'] });
    const client = protocol === '2026' ? { versionNegotiation: { mode: 'auto' as const } } : {};
    const mcp = await serveWithRoots(box, ['elsewhere', 'shop/apps'], { client });
    const shop = join(box.projectDir, 'shop/apps');
    expect((await mcp.ask('ReservePort', { serviceName: 'api' })).projectDir).toBe(shop);
    expect((await mcp.ask('ListReservedPorts')).ports).toMatchObject([{ projectDir: shop }]);
    expect(mcp.log()).toBe('');
  },
);

test('With several roots that are projects, the error lists them, and projectDir selects one', async () => {
  const box = sandbox();
  createDirectories(box, { configured: ['shop', 'blog'] });
  const mcp = await serveWithRoots(box, ['shop', 'blog']);
  const [shop, blog] = ['shop', 'blog'].map((name) => join(box.projectDir, name));
  const refused = await mcp.call('ListServices');
  expect(textOf(refused)).toBe(`The client works in 2 projects: ${shop}, ${blog}\nSet projectDir to one of them`);
  expect(failureOf(refused).code).toBe('MCP_ROOT_NOT_CHOSEN');
  expect(await mcp.ask('ListServices', { projectDir: shop })).toEqual({ services: [], configWarnings: [] });
});

test('If no root is a project, a single root becomes the project, several are an error, and an empty list is ignored', async () => {
  const box = sandbox();
  createDirectories(box, { bare: ['one', 'other'] });
  const single = await serveWithRoots(box, ['one']);
  expect(failureOf(await single.call('ListServices')).code).toBe('PROJECT_NOT_FOUND');
  expect((await single.ask('ReservePort')).projectDir).toBe(join(box.projectDir, 'one'));

  createDirectories(box, { bare: ['third', 'fourth'] });
  const several = await serveWithRoots(box, ['third', 'fourth']);
  expect(failureOf(await several.call('ReservePort')).sentence).toBe(
    `None of the 2 directories that the client works in is a project: ${join(box.projectDir, 'third')}, ${join(box.projectDir, 'fourth')}`,
  );
  const none = await serveWithRoots(box, []);
  expect(failureOf(await none.call('ReservePort')).code).toBe('PROJECT_TOO_WIDE');
});

test('The server does not ask for roots if it was started in a project or with --project', async () => {
  const box = sandbox({ config: {} });
  createDirectories(box, { configured: ['shop', 'blog'] });
  const here = await serveWithRoots(box, ['shop'], { cwd: box.projectDir });
  expect((await here.ask('ReservePort')).projectDir).toBe(box.projectDir);
  const explicit = await serveWithRoots(box, ['shop'], { args: ['mcp', '--project', join(box.projectDir, 'blog')] });
  expect((await explicit.ask('ReservePort')).projectDir).toBe(join(box.projectDir, 'blog'));
});

test('If the client cannot report its roots, the error says to set projectDir', async () => {
  const box = sandbox();
  const mcp = await serveWithRoots(box, []);
  mcp.client.setRequestHandler('roots/list', () => {
    throw new Error('no roots today');
  });
  expect(textOf(await mcp.call('ListServices'))).toMatch(/\nSet projectDir to the directory of the project$/);
});
