import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { getPageBlocks } from './page-blocks.ts';
import { createPageEnv } from './run-page.ts';

const repository = join(import.meta.dirname, '../../..');
const { commands } = JSON.parse(readFileSync(join(repository, 'apps/cli/oclif.manifest.json'), 'utf8'));
const agents = (file: string) => readFileSync(join(repository, 'apps/cli/agents', file), 'utf8');

/** Commands that the passage forbids. */
const forbidden = /^candle (kill-all|erase-database)$/;

/** A service that prints `compiled` and listens on PORT. */
const server = "console.log('compiled'); require('node:http').createServer().listen(process.env.PORT);";

/** The commands in backticks, and those on separate lines of code blocks, without their comments. */
function commandsOf(text: string): readonly string[] {
  const inline = [...text.matchAll(/`(candle [^`]+)`/g)].flatMap(([, command]) => command ?? []);
  const lines = [...text.matchAll(/^(candle .*?)(?: +#.*)?$/gm)].flatMap(([, command]) => command ?? []);
  return [...new Set([...inline, ...lines])];
}

test('every command of the passage and of the skill works on existing services', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'node server.js' }] } });
  box.writeFile('server.js', server);
  const env = createPageEnv(box);
  await box.candle(['reserve-port', 'api']);
  const listed = commandsOf((await box.candle(['agents', 'guide', '--skill'])).stdout);
  expect(listed).toEqual(expect.arrayContaining([...commandsOf((await box.candle(['agents', 'guide'])).stdout)]));
  expect(listed.filter((command) => forbidden.test(command))).toHaveLength(2);
  // The texts list commands by purpose, not in an order that works; run those that stop services last.
  const isKill = (command: string) => Number(/ kill\b/.test(command));
  const allowed = listed.filter((command) => !forbidden.test(command)).toSorted((a, b) => isKill(a) - isKill(b));
  expect(allowed.length).toBeGreaterThan(15);
  for (const command of allowed) {
    const line = command.replace('COMMAND', 'node server.js').replaceAll('NAME', 'web');
    const cursor = line.includes('CURSOR') && (await box.candleJson(['logs', 'api'])).services[0].cursor;
    const result = await runProgram('sh', ['-c', line.replace('CURSOR', cursor)], { cwd: box.projectDir, env });
    expect(result, `${command}\n${result.stderr}`).toMatchObject({ exitCode: 0 });
  }
});

describe('the skill', () => {
  const skill = agents('skill.md');

  test('begins with a name and a description of fewer than 1024 characters, and includes the passage', async () => {
    const [, name, description = ''] = /^---\nname: ([a-z-]+)\ndescription: (.+)\n---\n/.exec(skill) ?? [];
    expect(name).toBe('candle');
    expect(description.length).toBeLessThan(1024);
    const { stdout } = await sandbox().candle(['agents', 'guide', '--skill']);
    expect(stdout).toContain(agents('passage.md'));
    expect(stdout).not.toContain('<!--');
  });

  test('refers only to existing error codes', () => {
    const errors = readFileSync(join(repository, 'docs/reference/errors.md'), 'utf8');
    const codes = [...skill.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].flatMap(([, code]) => code ?? []);
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => !errors.includes(`## ${code}\n`))).toEqual([]);
  });
});

test.each([
  'tutorial.md',
  'concepts.md',
  'guides/agents.md',
  'guides/ci.md',
  'guides/completion.md',
  'guides/configuration.md',
  'guides/full-disk.md',
  'guides/init.md',
  'guides/ports.md',
  'guides/trust.md',
  'guides/worktrees.md',
])('every command in docs/%s exists', (page) => {
  const words = commandsOf(readFileSync(join(repository, 'docs', page), 'utf8')).map(
    (line) => line.split(/[ ,]/)[1] ?? '',
  );
  const known = Object.values<{ id: string; aliases: string[] }>(commands).flatMap(({ id, aliases }) => [
    id.split(':', 1).join(''),
    ...aliases,
  ]);
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter((word) => /^[a-z]/.test(word) && !known.includes(word))).toEqual([]);
});

test('every MCP tool in the guide for agents exists', () => {
  const page = readFileSync(join(repository, 'docs/guides/agents.md'), 'utf8');
  const reference = readFileSync(join(repository, 'docs/reference/mcp.md'), 'utf8');
  const tools = [...page.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)].flatMap(([, tool]) => tool ?? []);
  expect(tools.length).toBeGreaterThan(10);
  expect(tools.filter((tool) => !reference.includes(`\n## ${tool}\n`))).toEqual([]);
});

test('the client configurations in the guide for agents are JSON that starts `candle mcp`', () => {
  const blocks = getPageBlocks('docs/guides/agents.md').filter(({ language }) => language === 'json');
  expect(blocks).toHaveLength(4);
  for (const { text } of blocks) {
    const { mcpServers, servers } = JSON.parse(text);
    expect((mcpServers ?? servers).candle).toMatchObject({ command: 'candle', args: expect.arrayContaining(['mcp']) });
  }
});
