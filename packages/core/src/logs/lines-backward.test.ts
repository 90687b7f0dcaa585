import { expect, test } from 'vitest';
import { findErrorLine, withError } from './lines-backward.ts';

const numbered = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, at) => text(at));
const node = numbered(30, (at) => `    at Server.listen${at} (node:net:${at})`);

test.each([
  [
    'JavaScript',
    ['Starting', 'Error: listen EADDRINUSE', ...node, '  code: 1', '}', '', 'Node.js v24'],
    'Error: listen',
  ],
  [
    'a message of several lines',
    ["Error: Cannot find module 'x'", 'Require stack:', '- /a.js', ...node],
    'Error: Cannot',
  ],
  ['an event', ['Error: listen', ...node.slice(10), "Emitted 'error' event at:", ...node.slice(20)], 'Error: listen'],
  [
    'Java',
    [
      'Exception in thread "main" java.lang.IllegalStateException: no',
      ...numbered(20, (at) => `\tat a.B.c${at}(B.java:1)`),
      'Caused by: java.net.BindException: in use',
      ...numbered(20, (at) => `\tat a.B.c${at}(B.java:1)`),
      '\t... 12 more',
    ],
    'Exception in thread',
  ],
  ['Python', ['Traceback (most recent call last):', ...numbered(30, (at) => `  File "a.py", line ${at}`)], 'Traceback'],
  [
    'Go',
    [
      'panic: boom',
      '',
      'goroutine 1 [running]:',
      ...numbered(15, () => 'main.f(...)\n\t/a.go:1 +0x1d')
        .join('\n')
        .split('\n'),
    ],
    'panic: boom',
  ],
  ['output after the trace', ['Error: no', ...node, ...numbered(25, (at) => `npm error ${at}`)], 'Error: no'],
])('keeps the first line of an error before a long stack trace: %s', (_, lines, error) => {
  const shown = withError(lines);
  expect(shown[0]).toContain(error);
  expect(shown[1]).toBe('…');
  expect(shown.slice(2)).toEqual(lines.slice(-18));
});

test.each([
  ['without a stack trace', ['Error: early', ...numbered(30, (at) => `line ${at}`)]],
  ['with one that is complete', [...numbered(30, (at) => `line ${at}`), 'Error: no', ...node.slice(20)]],
  ['that are indented', numbered(40, (at) => `  ${at}`)],
  ['that are few', ['Error: no', ...node.slice(20)]],
])('the last lines are the last lines %s', (_, lines) => {
  expect(withError(lines)).toEqual(lines.slice(-20));
});

test.each([
  [['Error: first', 'Error: second', '    at f (a.js:1)', '', 'Node.js v24'], 'Error: second'],
  [['vite: not found', 'npm error code 127', 'npm error path /p'], 'vite: not found'],
  [['one', 'two', '  '], 'two'],
  [[''], undefined],
])('of the last lines %j, the error is in %j', (lines, found) => {
  expect(findErrorLine(lines)).toBe(found);
});
