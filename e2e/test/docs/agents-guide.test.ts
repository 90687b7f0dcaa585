import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { getPageBlocks } from './page-blocks.ts';
import { envOfPages } from './run-page.ts';

const repository = join(import.meta.dirname, '../../..');
const { commands } = JSON.parse(readFileSync(join(repository, 'apps/cli/oclif.manifest.json'), 'utf8'));
const agents = (file: string) => readFileSync(join(repository, 'apps/cli/agents', file), 'utf8');

/** What the passage says not to type. */
const forbidden = /^candle (kill-all|erase-database)$/;

/** A service that prints `compiled` and listens. */
const server = "console.log('compiled'); require('node:http').createServer().listen(process.env.PORT);";

/** The commands between backticks, and those on lines of their own in blocks of code, without their comments. */
function commandsOf(text: string): readonly string[] {
  const inline = [...text.matchAll(/`(candle [^`]+)`/g)].flatMap(([, command]) => command ?? []);
  const lines = [...text.matchAll(/^(candle .*?)(?: +#.*)?$/gm)].flatMap(([, command]) => command ?? []);
  return [...new Set([...inline, ...lines])];
}

test('every command of the passage and of the skill works on services that are there', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'node server.js' }] } });
  box.writeFile('server.js', server);
  const env = envOfPages(box);
  await box.candle(['reserve-port', 'api']);
  const named = commandsOf((await box.candle(['agents-guide', '--skill'])).stdout);
  expect(named).toEqual(expect.arrayContaining([...commandsOf((await box.candle(['agents-guide'])).stdout)]));
  expect(named.filter((command) => forbidden.test(command))).toHaveLength(2);
  // Each says what is to be typed for something, and not in which order; so what ends services comes last.
  const isKill = (command: string) => Number(/ kill\b/.test(command));
  const typed = named.filter((command) => !forbidden.test(command)).toSorted((a, b) => isKill(a) - isKill(b));
  expect(typed.length).toBeGreaterThan(15);
  for (const command of typed) {
    const line = command.replace('COMMAND', 'node server.js').replaceAll('NAME', 'web');
    const cursor = line.includes('CURSOR') && (await box.candleJson(['logs', 'api'])).services[0].cursor;
    const result = await runProgram('sh', ['-c', line.replace('CURSOR', cursor)], { cwd: box.projectDir, env });
    expect(result, `${command}\n${result.stderr}`).toMatchObject({ exitCode: 0 });
  }
});

describe('the skill', () => {
  const skill = agents('skill.md');

  test('begins with a name and a description of no more than 1024 characters, and has the passage in it', async () => {
    const [, name, description = ''] = /^---\nname: ([a-z-]+)\ndescription: (.+)\n---\n/.exec(skill) ?? [];
    expect(name).toBe('candle');
    expect(description.length).toBeLessThan(1024);
    const { stdout } = await sandbox().candle(['agents-guide', '--skill']);
    expect(stdout).toContain(agents('passage.md'));
    expect(stdout).not.toContain('<!--');
  });

  test('names only codes of errors that there are', () => {
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
  'guides/configuration.md',
  'guides/ports.md',
  'guides/worktrees.md',
])('every command that docs/%s names is one of Candle', (page) => {
  const words = commandsOf(readFileSync(join(repository, 'docs', page), 'utf8')).map(
    (line) => line.split(/[ ,]/)[1] ?? '',
  );
  const known = Object.values<{ id: string; aliases: string[] }>(commands).flatMap(({ id, aliases }) => [
    id,
    ...aliases,
  ]);
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter((word) => /^[a-z]/.test(word) && !known.includes(word))).toEqual([]);
});

test('every MCP tool that the guide of agents names is one of Candle', () => {
  const page = readFileSync(join(repository, 'docs/guides/agents.md'), 'utf8');
  const reference = readFileSync(join(repository, 'docs/reference/mcp.md'), 'utf8');
  const named = [...page.matchAll(/`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`/g)].flatMap(([, tool]) => tool ?? []);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((tool) => !reference.includes(`\n## ${tool}\n`))).toEqual([]);
});

test('what it says to write into configuration files is JSON that starts `candle mcp`', () => {
  const blocks = getPageBlocks('docs/guides/agents.md').filter(({ language }) => language === 'json');
  expect(blocks).toHaveLength(4);
  for (const { text } of blocks) {
    const { mcpServers, servers } = JSON.parse(text);
    expect((mcpServers ?? servers).candle).toMatchObject({ command: 'candle', args: expect.arrayContaining(['mcp']) });
  }
});
