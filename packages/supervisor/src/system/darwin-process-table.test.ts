import { expect, test } from 'vitest';
import { createDarwinProcessTable, listenerOfName, parseLsof, parsePs, parseRunIds } from './darwin-process-table.ts';

const ps = `  PID  PPID  PGID   SESS   UID STAT                      STARTED COMM
    1     0     1      0     0 Ss   Sun Nov 22 10:24:45 2026     /sbin/launchd
  501     1   501      0   501 S    Sun Nov  1 09:05:07 2026     sh
  502   501   501      0   501 Z    Sun Nov 22 10:24:46 2026     (node)
  503   501   503      0   501 T+   Sun Nov 22 10:24:47 2026     /Applications/Some App.app/Contents/MacOS/Some App
`;
const lsof =
  'p501\ncsh\nu501\nf0\nn/state/runs/a/in\nf1\nn/state/runs/a/spool\nf2\nn/state/runs/a/spool\np503\ncSome App\nu501\nf1\nn/dev/null\n';

test('parses the rows of ps', () => {
  expect(parsePs(ps)).toHaveLength(4);
  expect(parsePs(ps)[1]).toEqual({
    ...{ pid: 501, ppid: 1, pgid: 501, session: '0', uid: 501, state: 'S', command: 'sh' },
    startToken: String(Date.UTC(2026, 10, 1, 9, 5, 7) / 1_000),
  });
  expect(parsePs(ps)[3]).toMatchObject({ pid: 503, state: 'T+', command: 'Some App' });
});

test('finds run ids in the environments that ps appends', () => {
  const text = `  501 sh /state/runs/a/shim.sh A=1 CANDLE_RUN_ID=run-a B=2
  502 env CANDLE_RUN_ID=argument node server.js CANDLE_RUN_ID=run-b
  503 vim
`;
  expect(parseRunIds(text)).toEqual(
    new Map([
      [501, 'run-a'],
      [502, 'run-b'],
    ]),
  );
});

test('parses the files of lsof', () => {
  expect(parseLsof(lsof)).toHaveLength(4);
  expect(parseLsof(lsof)[1]).toEqual({
    pid: 501,
    command: 'sh',
    uid: 501,
    fd: '1',
    type: '',
    name: '/state/runs/a/spool',
  });
});

test.each([
  ['*:4000', 'IPv4', { port: 4000, address: '0.0.0.0' }],
  ['*:4000', 'IPv6', { port: 4000, address: '::' }],
  ['[::1]:4000', 'IPv6', { port: 4000, address: '::1' }],
  ['127.0.0.1:80', 'IPv4', { port: 80, address: '127.0.0.1' }],
  ['none', 'IPv4', undefined],
])('parses the listener %s of type %s', (name, type, listener) => {
  expect(listenerOfName(name, type)).toEqual(listener);
});

test('macOS listeners have addresses', () => {
  const sockets = 'p501\ncnode\nu501\nf20\ntIPv6\nn*:4000\nf21\ntIPv4\nn127.0.0.1:4001\n';
  const table = createDarwinProcessTable((file) => (file === 'lsof' ? sockets : ''));
  expect(table.listening().listenersOf(501)).toEqual([
    { port: 4000, address: '::' },
    { port: 4001, address: '127.0.0.1' },
  ]);
  expect(table.listening().on(4000)).toEqual([{ port: 4000, pid: 501, command: 'node', uid: 501 }]);
});

test('the macOS process table combines ps and lsof', () => {
  const answers: Record<string, string> = { '-axo': ps, '-axE': '  501 sh CANDLE_RUN_ID=run-a\n', '-nP': lsof };
  const table = createDarwinProcessTable((_file, args) => answers[args[0] ?? ''] ?? '');
  const [, shim, zombie, app] = table.snapshot();
  expect(shim).toMatchObject({
    ...{ pid: 501, sid: 501, runId: 'run-a', isZombie: false },
    fds: ['/state/runs/a/in', '/state/runs/a/spool', '/state/runs/a/spool'],
  });
  expect(zombie).toMatchObject({ isZombie: true, fds: [], runId: undefined });
  expect(app).toMatchObject({ isStopped: true, fds: ['', '/dev/null', ''] });
});

test('macOS describes a listener with its command line, directory and start time', () => {
  const row = ps.split('\n')[2] ?? '';
  const answers: Record<string, string> = {
    '-o': row,
    '-ww': 'node server.js --name a b\n',
    '-nP-a': 'p501\nfcwd\nn/Users/ada/shop\n',
    '-nP-iTCP:4000,4001':
      'p501\ncnode\nu501\nf20\ntIPv6\nn*:4000\nf21\ntIPv4\nn127.0.0.1:4000\nf22\ntIPv4\nn127.0.0.1:4001\n',
    '-un': 'ada\n',
  };
  const table = createDarwinProcessTable(
    (_file, args) => answers[args.slice(0, 2).join('')] ?? answers[args[0] ?? ''] ?? '',
  );
  expect(table.listenersOn(4000, 4001)).toEqual([
    { port: 4000, pid: 501, command: 'node', uid: 501, addresses: ['127.0.0.1', '::'] },
    { port: 4001, pid: 501, command: 'node', uid: 501, addresses: ['127.0.0.1'] },
  ]);
  expect(table.describe(501)).toMatchObject({
    ...{ pid: 501, uid: 501, command: 'sh', commandLine: 'node server.js --name a b' },
    ...{ cwd: '/Users/ada/shop', startedAtMs: Date.UTC(2026, 10, 1, 9, 5, 7) },
  });
  expect(table.userName(501)).toBe('ada');
});

test('macOS reads a variable after the arguments, and nothing of a process of another user', () => {
  const line = 'node server.js PORT=1';
  const table = (environment: string) =>
    createDarwinProcessTable((_file, args) => (args.includes('-E') ? line + environment : line));
  expect(table(' PATH=/bin PORT=4000').variableOf(501, 'PORT')).toBe('4000');
  expect(table(' PATH=/bin').variableOf(501, 'PORT')).toBeNull();
  expect(table('').variableOf(501, 'PORT')).toBeUndefined();
});
