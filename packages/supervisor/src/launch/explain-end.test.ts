import { expect, test } from 'vitest';
import { explanationText } from './errors.ts';
import { type EndFacts, explainEnd, shownMessage } from './explain-end.ts';
import type { ProgramFile } from './explain-file.ts';

const npm: EndFacts['manager'] = { run: ['npx'], install: ['npm', 'install'] };

interface Tools {
  /** The programs of each directory. */
  readonly tools?: Readonly<Record<string, string>>;
  /** The files by their paths. */
  readonly files?: Readonly<Record<string, Partial<ProgramFile>>>;
}

function explain({ tools = {}, files = {}, ...facts }: Partial<EndFacts> & Tools) {
  const explanation = explainEnd({
    exitCode: 127,
    lastLines: [],
    killReason: undefined,
    shell: 'nodemon server.js',
    script: undefined,
    path: '/usr/bin:/bin',
    earlier: undefined,
    findOnPath: (name, path) => path.split(':').find((directory) => tools[directory] === name),
    packageState: () => 'unknown',
    manager: npm,
    hasBash: true,
    root: '/shop',
    lookUp: (path) => ({ kind: files[path] ? 'file' : 'missing', isExecutable: false, ...files[path] }),
    ...facts,
  });
  return explanationText(explanation);
}

const script = { manager: 'npm', script: 'dev', text: 'nodemon server.js' } as const;

test.each([
  'sh: 1: eval: nodemon: not found',
  'sh: 1: nodemon: not found',
  'sh: 1: exec: nodemon: not found',
  'sh: line 1: nodemon: command not found',
  'sh: nodemon: command not found',
  'bash: nodemon: command not found',
  '/bin/bash: line 1: exec: nodemon: not found',
  'zsh:1: command not found: nodemon',
  "env: 'nodemon': No such file or directory",
  'env: ‘nodemon’: No such file or directory',
  '/usr/bin/env: nodemon: No such file or directory',
  'Error: spawn nodemon ENOENT',
])('finds the program that is missing: %s', (line) => {
  expect(explain({ lastLines: ['before', line, '', 'after'] })).toMatch(
    /^'nodemon' is not in PATH\nWrite npx nodemon /,
  );
});

const pnpm: EndFacts['manager'] = { run: ['pnpm', 'exec'], install: ['pnpm', 'install'] };

test.each([
  ['installed', npm, /Write npx nodemon instead of nodemon in the command: only node_modules/],
  ['installed', pnpm, /Write pnpm exec nodemon instead/],
  ['missing', npm, /is a dependency .* not installed\nTo install the packages of the project: npm install$/],
] as const)('suggests what the project needs, if the package is %s', (state, manager, expected) => {
  const lastLines = ['sh: 1: eval: nodemon: not found'];
  expect(explain({ lastLines, packageState: () => state, manager })).toMatch(expected);
});

test('suggests npx neither for a program of a script, nor for one that may be another package', () => {
  expect(explain({ lastLines: ['sh: 1: nodemon: not found'], shell: 'npm run dev', script })).not.toContain('npx');
  const candle = explain({ lastLines: ['sh: 1: eval: candle: not found'], shell: 'candle x' });
  expect(candle).toMatch(
    /^No directory in PATH of the service has 'candle'\n.*installed\n.*MCP client: \/usr\/bin:\/bin\n/,
  );
});

test.each([
  [
    'with the program',
    { '/opt/node': 'nodemon' },
    true,
    /^PATH differs from the previous run: .* \/opt\/node, which has 'nodemon'\nStart it/,
  ],
  ['of an earlier run', { '/opt/node': 'nodemon' }, false, /^PATH differs from an earlier run: /],
  [
    'without the program',
    {},
    true,
    /^PATH differs from the previous run: it no longer contains \/opt\/x\nWrite npx nodemon/,
  ],
])('names the directory that PATH no longer contains, %s', (_, tools, isPrevious, expected) => {
  const earlier = { path: '/opt/x:/opt/node:/bin', isPrevious };
  expect(explain({ lastLines: ['sh: 1: eval: nodemon: not found'], earlier, tools })).toMatch(expected);
  expect(explain({ earlier, tools })).toMatch(/^PATH differs from/);
});

test('a PATH with more directories explains nothing', () => {
  const earlier = { path: '/bin', isPrevious: true };
  expect(explain({ earlier })).toBeNull();
  expect(explain({ lastLines: ['sh: 1: eval: make: not found'], shell: 'make', earlier })).not.toContain('differs');
});

test.each([
  ['a[0]=1; A=(a b)', 2, 'sh: 1: eval: Syntax error: "(" unexpected'],
  ['diff <(ls a) <(ls b)', 2, 'sh: 1: eval: Syntax error: "(" unexpected'],
  ['cat <<< "$X"', 2, 'sh: 1: eval: Syntax error: redirection unexpected'],
  ['for ((i = 0; i < 3; i++)); do x; done', 2, 'sh: 1: eval: Syntax error: Bad for loop variable'],
  ['echo ${A^^}', 2, 'sh: 1: eval: Bad substitution'],
  ['echo ${A:0:2}', 2, 'sh: 1: eval: Bad substitution'],
  ['echo ${A//a/b}', 2, 'sh: 1: eval: Bad substitution'],
  ['[[ -f a ]] && b', 127, 'sh: 1: eval: [[: not found'],
  ['source .env && node .', 127, 'sh: 1: eval: source: not found'],
])('suggests bash for %s', (shell, exitCode, line) => {
  expect(explain({ shell, exitCode, lastLines: [line] })).toContain(
    `\nTo run the command with bash: bash -c '${shell}'`,
  );
});

test('suggests bash for the place that needs it', () => {
  const line = 'sh: 1: source: not found';
  expect(explain({ shell: 'npm run dev', script, lastLines: [line] })).toContain(
    "To run the script 'dev' of package.json with bash: bash -c …",
  );
  expect(explain({ shell: 'sh run.sh', lastLines: ['run.sh: 3: source: not found'] })).toContain(
    "Run 'run.sh' with bash instead of sh",
  );
  expect(explain({ shell: 'source a', lastLines: [line], hasBash: false })).toContain('for sh, or install bash');
});

test.each([
  ['a mistake in any shell', 'echo "abc', 2, ['sh: 2: eval: Syntax error: Unterminated quoted string']],
  ['another one', 'if true', 2, ['sh: 2: eval: Syntax error: end of file unexpected (expecting "then")']],
  ['a default value', 'echo ${A:-1} )', 2, ['sh: 1: eval: Syntax error: ")" unexpected']],
  ['a program that prints such a line', 'node lint.js', 2, ['a.js: 3: Syntax error: "(" unexpected']],
  ['a file of another directory', 'cd api && ./server', 127, ['sh: 1: eval: ./server: not found']],
  ['a file of a script', 'sh run.sh', 127, ['run.sh: 3: ./server: not found']],
  ['another refusal', 'cat /etc/shadow', 1, ['cat: /etc/shadow: Permission denied']],
  ['a probe that fails for another reason', 'x', 1, ['sh: 1: eval: nodemon: not found']],
  ['a usual error', 'node .', 1, ['Error: no']],
  ['an unknown exit', 'node .', null, ['sh: 1: eval: nodemon: not found']],
  ['success', 'node .', 0, ['Error: spawn nodemon ENOENT']],
  ['nothing printed', 'node .', 127, []],
])('does not guess: %s', (_, shell, exitCode, lastLines) => {
  expect(explain({ shell, exitCode, lastLines })).toBeNull();
});

test('does not call a program missing that PATH has', () => {
  expect(explain({ lastLines: ['sh: 1: eval: nodemon: not found'], tools: { '/bin': 'nodemon' } })).toBeNull();
});

const notFound = ['sh: 1: eval: ./run: not found', 'bash: line 1: ./run: No such file or directory'];
const pythonScript = { interpreter: '/opt/python', isExecutable: true };

test.each<[string, Partial<EndFacts> & Tools, string]>([
  [
    'does not exist',
    {},
    `There is no file './run' in /shop, the directory in which the command runs
Correct the path in the command, or run it in another directory ("root" of the service)`,
  ],
  [
    'has an interpreter that does not exist',
    { files: { '/shop/run': pythonScript } },
    `The first line of './run' mentions the program '/opt/python', which does not exist
Install '/opt/python', or correct the first line of './run'`,
  ],
  [
    'has an interpreter with a carriage return',
    { files: { '/shop/run': { ...pythonScript, interpreter: '/bin/sh\r' }, '/bin/sh': { isExecutable: true } } },
    `The lines of './run' end as on Windows, so the system looks for '/bin/sh\\r' instead of '/bin/sh'
Convert its line endings from CRLF to LF`,
  ],
  [
    'is a program for another system',
    { files: { '/shop/run': { isExecutable: true } } },
    `'./run' was built for another system: this one does not have the loader that it needs
Build or install it for this system`,
  ],
])('explains a file that %s', (_, facts, expected) => {
  for (const line of notFound) expect(explain({ shell: './run', lastLines: [line], ...facts })).toBe(expected);
});

test.each([
  'sh: 1: eval: ./a b: not found',
  'sh: 1: exec: ./a b: not found',
  'bash: line 1: ./a b: cannot execute: required file not found',
  'bash: ./a b: /opt/x: bad interpreter: No such file or directory',
  "nohup: failed to run command './a b': No such file or directory",
  'env: ‘./a b’: No such file or directory',
])('finds the file: %s', (line) => {
  expect(explain({ lastLines: [line] })).toMatch(/^There is no file '.\/a b' in \/shop, /);
});

test.each<[string, Partial<ProgramFile>, string]>([
  ['./run', {}, ''],
  ['./run.js', {}, '\nOr write node ./run.js instead of ./run.js in the command'],
  ['./run', { interpreter: '/usr/bin/env python3' }, '\nOr write python3 ./run instead of ./run in the command'],
  [
    './run',
    { interpreter: '/usr/bin/env -S A=1 node --watch' },
    '\nOr write node ./run instead of ./run in the command',
  ],
  ['./run.sh', { interpreter: '/bin/bash -e' }, '\nOr write /bin/bash ./run.sh instead of ./run.sh in the command'],
])('suggests how to run %s, which is not executable', (name, file, more) => {
  const facts = { exitCode: 126, shell: name, files: { [`/shop/${name.slice(2)}`]: file } };
  expect(explain({ ...facts, lastLines: [`sh: 1: eval: ${name}: Permission denied`] })).toBe(
    `'${name}' is not executable\nTo make it executable: chmod +x /shop/${name.slice(2)}${more}`,
  );
});

test('explains a directory, and a carriage return that env reports', () => {
  const files = { '/shop/bin': { kind: 'directory', isExecutable: true } } as const;
  for (const line of ['sh: 1: eval: ./bin: Permission denied', 'bash: line 1: ./bin: Is a directory'])
    expect(explain({ exitCode: 126, files, lastLines: [line] })).toMatch(/^'.\/bin' is a directory\n/);
  expect(explain({ lastLines: ['/usr/bin/env: ‘node\\r’: No such file or directory'] })).toMatch(
    /^The lines of a script end as on Windows, so the system looks for 'node\\r' instead of 'node'\n/,
  );
});

test.each([
  ['sh: 1: eval: nodemon: not found', 'nodemon', 'sh: nodemon: not found'],
  ['sh: 2: eval: Syntax error: Unterminated quoted string', 'echo "a', 'sh: Syntax error: Unterminated quoted string'],
  ['sh: 2: eval: nodemon: not found', 'echo\nnodemon\n', 'sh: 2: nodemon: not found'],
  ['sh: eval: line 1: syntax error: unexpected end of file', 'if', 'sh: syntax error: unexpected end of file'],
  ['sh: 1: nodemon: not found', 'npm run dev', 'sh: 1: nodemon: not found'],
  ['run.sh: 3: eval: x: not found', 'sh run.sh', 'run.sh: 3: eval: x: not found'],
])('shows %s of a shell without its eval', (line, shell, expected) => {
  expect(shownMessage(line, { shell })).toBe(expected);
});
