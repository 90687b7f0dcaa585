import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { inSandbox, refusal } from './refusal.ts';

/** A project with links that lead out of it, to nothing, or to themselves. */
function projectWithLinks(): Sandbox {
  const box = sandbox({ config: { services: [] } });
  mkdirSync(join(box.root, 'outside'));
  mkdirSync(join(box.projectDir, 'apps'));
  box.writeFile('file', '');
  const links = { out: '../outside', 'out-later': '../nowhere', later: 'nowhere', loop: 'loop', top: '/' };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(box.projectDir, name));
  return box;
}

const configOf = (box: Sandbox) => readFileSync(join(box.projectDir, '.candle.json'), 'utf8');

inPart(2).each([['..'], ['../outside'], ['apps/../..'], ['/tmp'], ['out'], ['out/deeper'], ['out-later'], ['top']])(
  'a root %s outside the project is rejected by start, add-service and the configuration',
  async (root) => {
    const box = projectWithLinks();
    const before = configOf(box);
    for (const line of [
      ['start', 'api', '--shell', 'pwd', '--root', root],
      ['add-service', 'api', '--shell', 'pwd', '--root', root],
    ] as const) {
      const { code, message, hint } = await refusal(inSandbox(box), line);
      expect([line[0], code]).toEqual([line[0], 'SERVICE_ROOT_OUTSIDE_PROJECT']);
      expect(message).toBe(`Root directory '${root}' is not inside the project ${box.projectDir}`);
      expect(hint).toContain('relative to it');
    }
    expect(configOf(box)).toBe(before);

    box.writeConfig({ services: [{ name: 'api', shell: 'pwd', root }] });
    const { code, message } = await refusal(inSandbox(box), ['start']);
    expect(code).toBe('CONFIG_INVALID');
    expect(message).toContain(`line 6: services[0].root: must stay inside the project ${box.projectDir}`);
    expect((await box.candleJson(['ps', '--all'])).services).toEqual([]);
  },
);

inPart(2).each([
  ['does not exist', 'missing'],
  ['is a broken symbolic link', 'later'],
  ['is a symbolic link to itself', 'loop'],
  ['is not a directory', 'file'],
  ['cannot exist: part of its path is a file', 'file/below'],
  ['cannot exist: its name is too long', 'x'.repeat(300)],
])('start rejects a root that %s', async (problem, root) => {
  const box = projectWithLinks();
  const { code, message } = await refusal(inSandbox(box), ['start', 'api', '--shell', 'pwd', '--root', root]);
  expect(code).toBe('SERVICE_ROOT_MISSING');
  expect(message).toContain(` of the project ${box.projectDir} ${problem}`);
  box.writeConfig({ services: [{ name: 'api', shell: 'pwd', root }] });
  expect(await refusal(inSandbox(box), ['start', 'api'])).toMatchObject({ code, message });
  expect((await box.candleJson(['ps', '--all'])).services).toMatchObject([{ name: 'api', running: false }]);
});

test('the hint for a missing root is the command that creates it', async () => {
  const box = projectWithLinks();
  const { hint } = await refusal(inSandbox(box), ['start', 'api', '--shell', 'pwd', '--root', "it's new"]);
  expect(hint).toBe(`To create it: mkdir -p '${box.projectDir}/it'\\''s new'`);
});

test('an empty root or command is rejected', async () => {
  const box = projectWithLinks();
  for (const command of ['start', 'add-service'] as const) {
    const root = await refusal(inSandbox(box), [command, 'api', '--shell', 'pwd', '--root', '']);
    expect(root.message).toBe('The root directory of a service must not be empty');
    const shell = await refusal(inSandbox(box), [command, 'api', '--shell', ' ']);
    expect(shell.message).toBe('The shell command of a service must be a non-empty string');
  }
});

test('a root without a command is rejected', async () => {
  const { code, message } = await refusal(inSandbox(projectWithLinks()), ['start', 'api', '--root', 'apps']);
  expect([code, message]).toEqual(['USAGE', '--root requires --shell']);
});
