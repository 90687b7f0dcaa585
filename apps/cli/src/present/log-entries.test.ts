import { stripVTControlCharacters } from 'node:util';
import { type LogEntry, truncatedText } from '@candle/core/logs';
import { describe, expect, test } from 'vitest';
import { type EntryStyle, EntryWriter, labelWidthOf, renderTimestamp, showsColor } from './log-entries.ts';

const position = { epoch: 0, offset: 0, endOffset: 0 };

function line(text: string, parts: Partial<Extract<LogEntry, { kind: 'line' }>> = {}): LogEntry {
  const time = { atMs: null, isApproximate: false };
  return { kind: 'line', runId: 'r', text, ...time, ...position, isPartial: false, isContinuation: false, ...parts };
}

const prompt = line('continue? ', { isPartial: true });
const answer = line('yes', { isContinuation: true });

/** What the writer prints when it gets the entries one by one. */
function written(entries: readonly (readonly [string, LogEntry])[], style: Partial<EntryStyle> = {}) {
  let text = '';
  const writer = new EntryWriter(
    { format: 'text', color: false, timestamps: false, labels: false, ...style },
    (part) => {
      text += part;
    },
  );
  for (const [name, entry] of entries) writer.add(name, [entry]);
  writer.end();
  return text;
}

test('a partial line is continued on the same line', () => {
  expect(
    written([
      ['api', prompt],
      ['api', answer],
      ['api', line('done')],
    ]),
  ).toBe('continue? yes\ndone\n');
});

test('with colors, each service keeps the color of its label', () => {
  const entries = ['web', 'api', 'web'].map((name) => [name, line(name)] as const);
  expect(written(entries, { labels: true, color: true })).toBe(
    ['\u001b[36m[web]\u001b[39m web', '\u001b[33m[api]\u001b[39m api', '\u001b[36m[web]\u001b[39m web\n'].join('\n'),
  );
});

test('a known service has the same color in each command, whichever of them are shown', () => {
  const entries = ['api', 'new'].map((name) => [name, line(name)] as const);
  expect(written(entries, { labels: true, color: true, names: ['web', 'api'] })).toBe(
    ['\u001b[33m[api]\u001b[39m api', '\u001b[32m[new]\u001b[39m new\n'].join('\n'),
  );
});

test('labels are padded to the widest one, unless that is long', () => {
  const names = ['api', '日本', 'x'.repeat(40)];
  const entries = names.map((name) => [name, line('text')] as const);
  expect(written(entries, { labels: true, labelWidth: labelWidthOf(names) })).toBe(
    `[api]  text\n[日本] text\n[${names[2]}] text\n`,
  );
});

test('a partial line is ended before anything else, and at the end', () => {
  expect(
    written([
      ['api', prompt],
      ['api', { kind: 'evicted', runId: 'r' }],
    ]),
  ).toBe('continue? \n--- earlier output was evicted ---\n');
  expect(written([['api', prompt]])).toBe('continue? \n');
});

test('names are shown with several services, at the latest from the first line of the second one', () => {
  const three: [string, LogEntry][] = [
    ['api', line('one')],
    ['web', prompt],
    ['api', line('two')],
  ];
  expect(written(three)).toBe('one\n[web] continue? \n[api] two\n');
  expect(written(three, { labels: true })).toBe('[api] one\n[web] continue? \n[api] two\n');
});

test('a space tells a line that looks like a mark from a mark, except in unchanged output', () => {
  const entries: (readonly [string, LogEntry])[] = [
    ['api', line('--- exited with code 0 1/23/2026, 10:30:00 AM ---')],
    ['api', line('\u001b[1m--- stopped ---')],
    ['api', line('--- FAIL: TestStart (0.00s)')],
    ['api', line('--- section ---')],
  ];
  const lines = ['--- FAIL: TestStart (0.00s)', '--- section ---'];
  expect(written(entries).split('\n')).toEqual([
    ' --- exited with code 0 1/23/2026, 10:30:00 AM ---',
    ' --- stopped ---',
    ...lines,
    '',
  ]);
  expect(written(entries, { format: 'lines' })).toMatch(/^--- exited with code 0/);
});

const givenUp = {
  kind: 'given-up',
  runId: 'r',
  atMs: 5,
  exitCode: 3,
  exitSignal: null,
  restarts: 5,
  withinMs: 12_300,
} as const;

test('every mark has the form that a printed line must not have', () => {
  const ended = { kind: 'ended', runId: 'r', atMs: 5, exitCode: null, exitSignal: null } as const;
  const marks: LogEntry[] = [
    { kind: 'started', runId: 'r', atMs: 5, attempt: 0, isPipedInstead: true },
    { kind: 'started', runId: 'r', atMs: 5, attempt: 2, isPipedInstead: false },
    { kind: 'truncated', runId: 'r', atMs: null },
    { kind: 'evicted', runId: 'r' },
    givenUp,
    ...(['stopped', 'replaced', 'interrupted', 'exited'] as const).map((reason) => ({ ...ended, reason })),
    { ...ended, reason: 'exited', exitCode: 1 },
    {
      ...ended,
      reason: 'exited',
      exitSignal: 'SIGKILL',
      explanation: 'SIGKILL came from another program or the system, not from Candle',
    },
  ];
  for (const mark of marks) {
    const text = written([['api', mark]]).trimEnd();
    expect(written([['api', line(text)]])).toBe(` ${text}\n`);
  }
});

test('marks describe what happened to the run', () => {
  const ended = { kind: 'ended', runId: 'r', atMs: null, exitCode: null, exitSignal: null } as const;
  const marks: LogEntry[] = [
    { kind: 'truncated', runId: 'r', atMs: 5 },
    { ...ended, reason: 'stopped', exitCode: 143, exitSignal: 'SIGTERM' },
    { ...ended, reason: 'replaced' },
    { ...ended, reason: 'exited', exitCode: 3 },
    { ...ended, reason: 'exited', exitCode: 137, exitSignal: 'SIGKILL' },
    { ...ended, reason: 'lost' },
  ];
  expect(written(marks.map((mark) => ['api', mark]))).toBe(
    [
      `--- ${truncatedText} ---`,
      '--- stopped ---',
      '--- stopped for a restart ---',
      '--- exited with code 3 ---',
      '--- killed by SIGKILL ---',
      '--- exited (exit status unknown) ---',
      '',
    ].join('\n'),
  );
  const started = { kind: 'started', runId: 'r', atMs: 0, isPipedInstead: false } as const;
  expect(written([['api', { ...started, attempt: 0 }]])).toMatch(/^--- started .* ---\n$/);
  expect(written([['api', { ...started, attempt: 2 }]])).toMatch(/^--- restarted \(2\) .* ---\n$/);
  expect(written([['api', givenUp]])).toMatch(
    /^--- gave up after 5 restarts within 12s \(the last run exited with code 3\) .*; to start it again: candle start api ---\n$/,
  );
  expect(written([['api', { ...givenUp, restarts: 1, exitSignal: 'SIGSEGV' }]])).toContain(
    'gave up after 1 restart within 12s (the last run was killed by SIGSEGV)',
  );
});

test('timestamps are local with milliseconds, and ~ marks an approximate one', () => {
  const atMs = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
  expect(renderTimestamp(atMs, false)).toBe('2026-01-02 03:04:05.006');
  const noted = line('one', { atMs, isApproximate: true });
  expect(
    written(
      [
        ['api', noted],
        ['api', line('two')],
      ],
      { timestamps: true, labels: true },
    ),
  ).toBe('[api] ~2026-01-02 03:04:05.006 one\n[api] - two\n');
});

test('escape sequences are written only with color', () => {
  const red = line('\u001b[31mred\u001b[0m');
  expect(written([['api', red]])).toBe('red\n');
  expect(written([['api', red]], { color: true })).toBe('\u001b[31mred\u001b[0m\n');
});

test('the format "lines" is what the service printed, without marks', () => {
  const started: LogEntry = { kind: 'started', runId: 'r', atMs: 0, attempt: 0, isPipedInstead: false };
  const entries = [started, line('one'), line('two', { hasCarriageReturn: true })].map(
    (entry) => ['api', entry] as const,
  );
  expect(written(entries, { format: 'lines' })).toBe('one\ntwo\n');
  expect(written(entries)).toMatch(/^--- started .* ---\none\ntwo\n$/);
});

describe('a line that is rewritten', () => {
  const part = (text: string, parts: object = {}) => ['api', line(text, { isPartial: true, ...parts })] as const;
  const next = (text: string, parts: object = {}) => ['api', line(text, { isContinuation: true, ...parts })] as const;
  const isContinuation = true;
  const hasCarriageReturn = true;
  const returnsLast = [part('10 %', { hasCarriageReturn }), part('20 %', { isContinuation, hasCarriageReturn })];
  const returnsFirst = [part('\r10 %'), part('\r20 %', { isContinuation })];

  test.each([
    ['is shown once, in its last state', [...returnsLast, next('done')], 'done\n'],
    ['with the returns first', [...returnsFirst, next('\rdone')], 'done\n'],
    ['keeps a state that is cleared', [...returnsFirst, next('\r\u001b[K')], '20 %\n'],
    ['is continued', [...returnsFirst, next(', done')], '20 %, done\n'],
    ['is shown when nothing more comes', returnsLast, '20 %\n'],
    ['is shown before another line', [...returnsLast, ['api', line('next')] as const], '20 %\nnext\n'],
    ['follows what is already shown', [part('a'), next('\rb')], 'a\nb\n'],
    ['only ends with a return', [part('a'), next('b', { hasCarriageReturn })], 'ab\n'],
  ])('without a terminal, %s', (_, entries, expected) => {
    expect(written(entries)).toBe(expected);
  });

  test('on a terminal, is replaced in place', () => {
    const erase = '\r\u001b[K';
    expect(written([...returnsLast, next('done')], { color: true })).toBe(`10 %${erase}20 %${erase}done\n`);
    expect(written([...returnsFirst, next('\rdone')], { color: true })).toBe(`10 %${erase}20 %${erase}done\n`);
    expect(written([part('a'), next('b', { hasCarriageReturn })], { color: true })).toBe('ab\u001b[0m\n');
  });

  test('of several services, each is shown once', () => {
    const web = ['web', line('web')] as const;
    const entries = [...returnsLast, web, next('done')];
    for (const color of [false, true]) {
      const text = written(entries, { labels: true, color });
      expect(stripVTControlCharacters(text)).toBe('[web] web\n[api] done\n');
    }
  });
});

test('the color of an open line ends with it', () => {
  const red = line('\u001b[31mred', { isPartial: true });
  expect(
    written(
      [
        ['api', red],
        ['api', answer],
      ],
      { color: true },
    ),
  ).toBe('\u001b[31mredyes\u001b[0m\n');
  expect(written([['api', red]], { color: true })).toBe('\u001b[31mred\u001b[0m\n');
});

test('the format "json" is one object per line', () => {
  const entries = [line('one'), line('two', { isPartial: true })].map((entry) => ['api', entry] as const);
  const objects = written(entries, { format: 'json' }).trimEnd().split('\n');
  expect(objects.map((text) => JSON.parse(text))).toMatchObject([
    { service: 'api', kind: 'line', text: 'one' },
    { service: 'api', kind: 'line', text: 'two', partial: true },
  ]);
});

const terminal = { isTTY: true };
const pipe = {};

test.each([
  ['a terminal', terminal, {}, true],
  ['a pipe', pipe, {}, false],
  ['NO_COLOR on a terminal', terminal, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR on a terminal, which is ignored', terminal, { NO_COLOR: '' }, true],
  ['FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '1' }, true],
  ['an empty FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '' }, true],
  ['FORCE_COLOR=0 on a terminal', terminal, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR and NO_COLOR on a pipe, where FORCE_COLOR decides', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
])('%s', (_, stream, env, expected) => {
  expect(showsColor(stream, env)).toBe(expected);
});
