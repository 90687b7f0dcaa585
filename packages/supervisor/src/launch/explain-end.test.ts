import { expect, test } from 'vitest';
import { explanationText } from './errors.ts';
import { type EndFacts, explainEnd } from './explain-end.ts';

const npm: EndFacts['manager'] = { run: ['npx'], install: ['npm', 'install'] };

/** `tools`: the programs of each directory. */
function explain({ tools = {}, ...facts }: Partial<EndFacts> & { tools?: Readonly<Record<string, string>> }) {
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
  ['a file', './server', 127, ['sh: 1: eval: ./server: not found']],
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
