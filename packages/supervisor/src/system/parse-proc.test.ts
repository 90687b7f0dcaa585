import { expect, test } from 'vitest';
import {
  isEnvironment,
  isZombieStat,
  parseProcAddress,
  parseStat,
  parseTcpListeners,
  runIdIn,
  variableIn,
} from './parse-proc.ts';

const statLine = (command: string, state = 'S', threads = 1) =>
  `4242 (${command}) ${state} 4200 4242 4100 34816 -1 4194304 120 0 0 0 1 2 0 0 20 0 ${threads} 0 98765 2621440 180 18446744073709551615 1 1 0\n`;

test('parses the fields of a stat line', () => {
  expect(parseStat(statLine('sh'))).toEqual({
    ...{
      pid: 4242,
      command: 'sh',
      state: 'S',
      ppid: 4200,
      pgid: 4242,
      sid: 4100,
      terminal: 34816,
      threads: 1,
      startToken: '98765',
    },
  });
});

test('parses a command with spaces, parentheses and a line break', () => {
  expect(parseStat(statLine('a) Z 1 (b)\n'))).toMatchObject({ command: 'a) Z 1 (b)\n', state: 'S', ppid: 4200 });
});

test('a truncated or empty line is not a process', () => {
  expect(parseStat('')).toBeUndefined();
  expect(parseStat('4242 (sh) S 4200')).toBeUndefined();
});

test('a zombie is dead, unless it has other live threads', () => {
  const isZombie = (state: string, threads: number) => {
    const stat = parseStat(statLine('any', state, threads));
    return stat && isZombieStat(stat);
  };
  expect([isZombie('Z', 1), isZombie('X', 1), isZombie('Z', 3), isZombie('T', 1)]).toEqual([true, true, false, false]);
});

test('finds the run id in an environment', () => {
  const runId = (text: string) => runIdIn(Buffer.from(text));
  expect(runId('A=1\0CANDLE_RUN_ID=abc\0B=2\0')).toBe('abc');
  expect(runId('CANDLE_RUN_ID=abc')).toBe('abc');
  expect(runId('OLD_CANDLE_RUN_ID=x\0T=CANDLE_RUN_ID=y\0CANDLE_RUN_ID=abc\0')).toBe('abc');
  expect(runId('OLD_CANDLE_RUN_ID=x\0')).toBeUndefined();
  expect(runId('CANDLE_RUN_ID=\0')).toBeUndefined();
  expect(runId('')).toBeUndefined();
});

test('finds the listeners of both address families, and no other sockets', () => {
  const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const v4 = `${header}   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 7918 1 0000 100 0 0 10 0
   1: 0100007F:0FA0 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 7920 1 0000 20 4 30 10 -1\n`;
  const v6 =
    '   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 42 1 0000 100 0 0 10 0\n';
  expect(parseTcpListeners(v4)).toEqual([{ port: 4000, address: '127.0.0.1', uid: 1000, inode: '7918' }]);
  expect(parseTcpListeners(v6)).toEqual([{ port: 8080, address: '::', uid: 33, inode: '42' }]);
});

test('matches a variable by its full name, and finds nothing in an overwritten environment', () => {
  const environ = Buffer.from('PATH=/bin\0EXPORT=1\0PORT=4000\0EMPTY=\0');
  expect(['PORT', 'EXPORT', 'EMPTY', 'ORT'].map((name) => variableIn(environ, name))).toEqual(['4000', '1', '', null]);
  expect(variableIn(Buffer.from(''), 'PORT')).toBeNull();
  for (const title of ['\0\0\0PORT=1\0', ' cluster worker 0\0PORT=1\0']) {
    expect(variableIn(Buffer.from(title), 'PORT'), title).toBeUndefined();
  }
});

test('tells an environment from an empty one and from the title of a program', () => {
  expect(isEnvironment(Buffer.from('PATH=/bin\0HOME=/\0'))).toBe(true);
  for (const other of ['', '\0\0PORT=1\0', ' cluster worker 0\0PORT=1\0', 'title']) {
    expect(isEnvironment(Buffer.from(other)), other).toBe(false);
  }
});

test.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['0302A8C0', '192.168.2.3'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
  ['0000000000000000FFFF00000100007F', '127.0.0.1'],
])('parses %s as %s', (hex, address) => {
  expect(parseProcAddress(hex)).toBe(address);
});

test.each(['', '0100007', 'local_address', '0100007F00'])('%o is not an address', (hex) => {
  expect(parseProcAddress(hex)).toBeUndefined();
});
