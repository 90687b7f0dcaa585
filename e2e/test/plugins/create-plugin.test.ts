import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const createPlugin = join(import.meta.dirname, '../../../packages/create-plugin/dist/main.js');

function creator(box: ReturnType<typeof sandbox>) {
  return (...args: string[]) =>
    runProgram(process.execPath, [createPlugin, ...args], { cwd: box.projectDir, env: box.env });
}

test('create-plugin reports the plugin that it created and the next steps', async () => {
  const box = sandbox();
  expect(await creator(box)('@ada/plugin-greet', 'here/greet')).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: `Created @ada/plugin-greet. To try it:

  cd here/greet
  npm install
  npm test
  candle plugins link .
  candle greet
`,
  });
  expect(readdirSync(join(box.projectDir, 'here/greet'))).toContain('package.json');
});

test.each([
  ['a missing name', [], 'The name of the plugin is missing', 'npm create @candle/plugin@latest NAME [DIRECTORY]'],
  ['a name with a space', ['My Plugin'], "'My Plugin' is not a valid plugin name", 'Use lower-case letters'],
  ['a path', ['../greet'], "'../greet' is not a valid plugin name", 'Use lower-case letters'],
  [
    'a name with shell syntax',
    ['greet; rm -rf ~'],
    "'greet; rm -rf ~' is not a valid plugin name",
    'Use lower-case letters',
  ],
  ['a name with an escape sequence', ['a\u001b[2Jb'], "'a?[2Jb' is not a valid plugin name", 'Use lower-case letters'],
  [
    'a name of 10,000 characters',
    ['x'.repeat(10_000)],
    `'${'x'.repeat(60)}…' is not a valid plugin name`,
    'Use lower-case letters',
  ],
  ['an unknown flag', ['greet', '--force'], 'Unexpected argument: --force', 'npm create'],
  ['a directory that is not empty', ['greet', 'full'], 'full already exists and is not empty', 'Use another name'],
])('%s is rejected with an error and a hint, and nothing is created', async (_, args, sentence, hint) => {
  const box = sandbox();
  mkdirSync(join(box.projectDir, 'full/of'), { recursive: true });
  const { exitCode, stdout, stderr } = await creator(box)(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  const [first = '', second = '', ...more] = stderr.split('\n');
  expect(first.replace(`${box.projectDir}/`, '')).toBe(`Error: ${sentence}`);
  expect(second).toContain(hint);
  expect(more).toEqual(['']);
  expect(readdirSync(box.projectDir)).toEqual(['full']);
});
