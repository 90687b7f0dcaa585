import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findErrorLine, withError } from './error-excerpt.ts';

const numbered = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, at) => text(at));
const node = numbered(30, (at) => `    at Server.listen${at} (node:net:${at})`);

const own = numbered(30, (at) => `    at f${at} (/shop/api/db.js:${at}:1)`);
const library = numbered(30, (at) => `    at g${at} (/shop/node_modules/pg/lib/client.js:${at}:1)`);
const java = (count: number, name: string) => numbered(count, (at) => `\tat ${name}${at}(B.java:1)`);
const goFrames = (count: number) =>
  numbered(count, (at) => `main.f(...)\n\t/shop/${at}.go:1 +0x1d`).flatMap((frame) => frame.split('\n'));
const npmErrors = numbered(20, (at) => `npm error ${at}`);

/** What is shown before the last lines, of which there are as many as fit. */
function beginning(lines: readonly string[]): readonly string[] {
  const shown = withError(lines);
  expect(shown).toHaveLength(20);
  const last = shown.lastIndexOf('…');
  expect(shown.slice(last + 1)).toEqual(lines.slice(last - 19));
  return shown.slice(0, last);
}

test.each([
  [
    'its first own frames and the root cause',
    [
      ...[
        'Starting',
        '/shop/api/db.js:1',
        'throw x',
        '',
        'Error: no database',
        ...node.slice(25),
        ...library.slice(25),
      ],
      ...[...own, '  [cause]: Error: refused', ...node, '}', '', 'Node.js v24'],
    ],
    ['Error: no database', '…', ...own.slice(0, 3), '…', '  [cause]: Error: refused'],
  ],
  [
    'a nested cause with its own frame',
    ['Error: a', ...own, '  [cause]: Error: b', ...node, ...own, '    [cause]: Error: c', ...own.slice(9), '  }', '}'],
    ['Error: a', ...own.slice(0, 3), '…', '  [cause]: Error: b', '…', own[0], '…', '    [cause]: Error: c', own[9]],
  ],
  [
    'the errors of an AggregateError',
    [
      ...['AggregateError [ECONNREFUSED]: ', ...node, "  code: 'ECONNREFUSED',", '  [errors]: ['],
      ...[
        '    Error: connect ECONNREFUSED ::1:5432',
        ...node,
        '    Error: connect ECONNREFUSED 127.0.0.1:5432',
        ...node,
      ],
    ],
    [
      ...['AggregateError [ECONNREFUSED]: ', '…', '    Error: connect ECONNREFUSED ::1:5432'],
      ...['…', '    Error: connect ECONNREFUSED 127.0.0.1:5432'],
    ],
  ],
  [
    'the cause of an exception of Java',
    [
      ...['Exception in thread "main" java.lang.IllegalStateException: no', ...java(9, 'java.base/java.lang.A.b')],
      ...[
        ...java(20, 'app.B.c'),
        'Caused by: java.net.BindException: in use',
        ...java(9, 'java.base/sun.nio.ch.Net.d'),
      ],
      ...[...java(20, 'app.B.d'), '\t... 12 more'],
    ],
    [
      ...['Exception in thread "main" java.lang.IllegalStateException: no', '…', ...java(3, 'app.B.c'), '…'],
      ...['Caused by: java.net.BindException: in use', '…', ...java(1, 'app.B.d')],
    ],
  ],
  [
    'the last frame and the error of Python, and what caused it',
    [
      ...['Traceback (most recent call last):', '  File "a.py", line 1', 'KeyError: x', ''],
      ...['The above exception was the direct cause of the following exception:', ''],
      ...['Traceback (most recent call last):', '  File "app.py", line 2', '    run()'],
      ...numbered(30, (at) => `  File "/x/site-packages/a.py", line ${at}`),
      ...['ValueError: no settings', ...npmErrors],
    ],
    [
      ...['KeyError: x', '…', 'The above exception was the direct cause of the following exception:', '…'],
      ...['Traceback (most recent call last):', '  File "app.py", line 2', '    run()', '…', 'ValueError: no settings'],
    ],
  ],
  [
    'the frames of Go, with their functions',
    [
      ...['panic: boom', '', 'goroutine 1 [running]:', 'net/http.f(...)', '\t/usr/local/go/src/net/http/a.go:1 +0x1d'],
      ...goFrames(20),
      'exit status 2',
    ],
    ['panic: boom', '…', ...goFrames(3)],
  ],
  [
    'the first line of a message with several',
    ["Error: Cannot find module 'x'", 'Require stack:', '- /a.js', ...node],
    ["Error: Cannot find module 'x'"],
  ],
  ['output after the trace', ['Error: no', ...own, ...npmErrors], ['Error: no', ...own.slice(0, 3)]],
  ['an event', ['Error: listen', ...node.slice(10), "Emitted 'error' event at:", ...node.slice(20)], ['Error: listen']],
])('shows the beginning of an error before the end of its long stack trace: %s', (_, lines, expected) => {
  expect(beginning(lines)).toEqual(expected);
});

test('at most 20 lines are shown of any trace', () => {
  const lines = ['Error: a', own[0], node[0], '  [cause]: Error: b', '', '}', '\t/a.go:1 +0x'].map(String);
  const traces = fc.array(fc.constantFrom(...lines, 'Traceback (most recent call last):'), {
    maxLength: 80,
    size: 'max',
  });
  fc.assert(
    fc.property(traces, (all) => {
      const shown = withError(all);
      expect(shown.length).toBe(Math.min(20, all.length));
      expect(shown.at(-1)).toBe(all.at(-1));
    }),
  );
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
