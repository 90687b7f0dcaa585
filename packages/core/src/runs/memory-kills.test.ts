import { expect, test } from 'vitest';
import { countMemoryKills, describeKill } from './memory-kills.ts';

function filesOf(files: Readonly<Record<string, string>>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no ${path}`);
    return text;
  };
}

const machine = { '/proc/vmstat': 'nr_free_pages 1\noom_kill 3\nswap_ra 0\n' };
const events = 'low 0\nmax 9\noom 8\noom_kill 2\noom_group_kill 1\n';

test.each([
  [
    'the count of the own cgroup comes first',
    { '/proc/self/cgroup': '0::/user/app\n', '/sys/fs/cgroup/user/app/memory.events': events, ...machine },
    { file: '/sys/fs/cgroup/user/app/memory.events', atStart: 2 },
  ],
  [
    'a container sees its cgroup as the root',
    { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.events': events, ...machine },
    { file: '/sys/fs/cgroup/memory.events', atStart: 2 },
  ],
  [
    'without such a file, the count of the machine',
    { '/proc/self/cgroup': '4:memory:/a\n0::/\n', ...machine },
    { file: '/proc/vmstat', atStart: 3 },
  ],
  ['an old kernel has none', { '/proc/vmstat': 'nr_free_pages 1\n' }, undefined],
  ['another system has none', {}, undefined],
])('%s', (_, files, expected) => {
  expect(countMemoryKills(filesOf(files))).toEqual(expected);
});

const killed = { exitSignal: 'SIGKILL', endReason: 'exited' } as const;
const kills = { file: '/proc/vmstat', atStart: 3 };

test('a kill that Candle did not ask for is described, with the OOM killer if its count has risen', () => {
  expect(describeKill(killed, undefined)).toBe('SIGKILL came from another program or the system, not from Candle');
  expect(describeKill(killed, kills)).toBe('SIGKILL came from another program or the system, not from Candle');
  expect(describeKill(killed, { ...kills, atEnd: 3 })).toBe(
    'SIGKILL came from another program or the system, not from Candle',
  );
  expect(describeKill(killed, { ...kills, atEnd: 4 })).toMatch(
    /probably came from the kernel's OOM killer: it has killed a process /,
  );
  expect(describeKill(killed, { ...kills, atEnd: 5 })).toMatch(/it has killed 2 processes /);
});

test('no other end is described', () => {
  expect(describeKill({ ...killed, exitSignal: 'SIGTERM' }, { ...kills, atEnd: 9 })).toBeUndefined();
  expect(describeKill({ ...killed, endReason: 'stopped' }, { ...kills, atEnd: 9 })).toBeUndefined();
  expect(describeKill({ exitSignal: null, endReason: 'exited' }, { ...kills, atEnd: 9 })).toBeUndefined();
});
