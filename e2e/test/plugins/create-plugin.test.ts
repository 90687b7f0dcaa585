import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

const createPlugin = join(import.meta.dirname, '../../../packages/create-plugin/dist/main.js');

function creating(box: ReturnType<typeof sandbox>) {
  return (...args: string[]) =>
    runProgram(process.execPath, [createPlugin, ...args], { cwd: box.projectDir, env: box.env });
}

test('it says what it has made, and what to do next', async () => {
  const box = sandbox();
  expect(await creating(box)('@ada/plugin-greet', 'here/greet')).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: `Made @ada/plugin-greet. To try it:

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
  ['no name', [], 'The plugin needs a name', 'npm create @candle/plugin@latest NAME [DIRECTORY]'],
  ['a name with a space', ['My Plugin'], "'My Plugin' cannot be the name of a plugin", 'Lower-case letters'],
  ['a path', ['../greet'], "'../greet' cannot be the name of a plugin", 'Lower-case letters'],
  [
    'a name for the shell',
    ['greet; rm -rf ~'],
    "'greet; rm -rf ~' cannot be the name of a plugin",
    'Lower-case letters',
  ],
  ['a name for the terminal', ['a\u001b[2Jb'], "'a?[2Jb' cannot be the name of a plugin", 'Lower-case letters'],
  [
    'a name without end',
    ['x'.repeat(10_000)],
    `'${'x'.repeat(60)}…' cannot be the name of a plugin`,
    'Lower-case letters',
  ],
  ['a flag', ['greet', '--force'], 'Too much is said: --force', 'npm create'],
  [
    'a directory that holds something',
    ['greet', 'full'],
    'full is there already, and is not empty',
    'Take another name',
  ],
])('%s is refused with a sentence, and nothing is made', async (_, args, sentence, hint) => {
  const box = sandbox();
  mkdirSync(join(box.projectDir, 'full/of'), { recursive: true });
  const { exitCode, stdout, stderr } = await creating(box)(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  const [first = '', second = '', ...more] = stderr.split('\n');
  expect(first.replace(`${box.projectDir}/`, '')).toBe(`Error: ${sentence}`);
  expect(second).toContain(hint);
  expect(more).toEqual(['']);
  expect(readdirSync(box.projectDir)).toEqual(['full']);
});
