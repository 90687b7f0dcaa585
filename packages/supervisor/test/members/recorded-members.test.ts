import { describe, expect, test } from 'vitest';
import { findMembers } from '../../src/members/find-members.ts';
import { membersOf, type RunProcesses } from '../../src/members/members-of.ts';
import { type RecordedProcess, type RecordedSnapshot, readRecording } from './recorded-snapshot.ts';

interface Expected {
  readonly members: readonly string[];
  readonly detachedHelpers?: readonly string[];
  /** Besides those who are never the run's. */
  readonly neither?: readonly string[];
  /** The members when nothing was written down at the start, if they are others. */
  readonly membersUnrecorded?: readonly string[];
}

const shimAndShell = ['sh shim.sh run-a', 'sh command'];
const kill = 'node run.js kill web';

/** What stood around each run when it was recorded: see record/record-one.ts. */
const neverOurs = [
  'init',
  'candle (asks)',
  // A person's own server in a terminal.
  `script -qfc node -e "require('node:http').createServer().listen(5999, '127.0.0.1', () => console.log('up'))" null`,
  `sh -c node -e "require('node:http').createServer().listen(5999, '127.0.0.1', () => console.log('up'))"`,
  `node -e require('node:http').createServer().listen(5999, '127.0.0.1', () => console.log('up'))`,
  // Another run, and the candle that stays to show its output.
  'node run.js start --watch notes',
  'sh shim.sh run-b',
  'sh command (run-b)',
  `node -e require('node:http').createServer().listen(5001, '127.0.0.1', () => console.log('up'))`,
  // A person who reads the run's output: its file is their stdin.
  'script -qfc tail -n +1 -f < spool null',
  'sh -c tail -n +1 -f < spool',
  'tail -n +1 -f',
];

const turboItself = ['node turbo run dev', 'turbo run dev'];
const turboTasks = ['npm run dev', 'npm run dev', 'sh -c node server.mjs 4000', 'sh -c node server.mjs 9100'];
const turboServers = ['node server.mjs 4000', 'node server.mjs 9100'];
const browser = [
  'sh xdg-open 127.0.0.1:4000',
  'perl chromium 127.0.0.1:4000',
  'chromium --type=zygote',
  'chromium --type=renderer',
  'perl chrome_crashpad_handler',
];
const nginxMaster = 'nginx: master process nginx -p shop -e error.log -c nginx.conf';
const nginxHelpers = ['nginx: worker process', 'nginx: worker process', 'nginx: cache manager process'];

const recordings: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  npm: {
    running: { members: [...shimAndShell, 'npm run dev', 'sh -c node server.mjs', 'node server.mjs'] },
    // npm ends at once, and the shim with it; what it had started takes its time.
    stopping: { members: ['node server.mjs'], neither: [kill] },
    stopped: { members: [] },
  },
  turbo: {
    running: { members: [...shimAndShell, ...turboItself, ...turboTasks, ...turboServers] },
    stopping: { members: [...shimAndShell, ...turboItself, ...turboServers], neither: [kill] },
    stopped: { members: [] },
  },
  'turbo-killed': {
    running: { members: [...shimAndShell, ...turboItself, ...turboTasks, ...turboServers] },
    // No mark is left but the number of the session; the port tells whose it was.
    killed: { members: [...turboTasks, ...turboServers] },
    stopping: { members: turboServers, neither: [kill] },
    stopped: { members: [] },
  },
  'vite-open': {
    running: {
      members: [...shimAndShell, 'node vite.js --open --host 127.0.0.1 --port 4000 --strictPort'],
      detachedHelpers: browser,
    },
    stopped: { members: [], detachedHelpers: browser },
  },
  'redis-daemonize': {
    running: { members: ['redis-server *:4000'] },
    stopping: { members: ['redis-server *:4000'], neither: [kill] },
    stopped: { members: [] },
  },
  nginx: {
    running: { members: [nginxMaster, ...nginxHelpers, 'nginx: cache loader process'] },
    // It has closed its port to wait for the last request: only who has seen it before knows it now.
    stopping: {
      members: [nginxMaster, 'nginx: worker process is shutting down'],
      membersUnrecorded: [],
      neither: [kill],
    },
    stopped: { members: [] },
  },
  'nginx-of-root': {
    running: { members: [nginxMaster, ...nginxHelpers, 'nginx: cache loader process'] },
    stopping: {
      members: [nginxMaster, 'nginx: worker process is shutting down'],
      membersUnrecorded: [],
      neither: [kill],
    },
    stopped: { members: [] },
  },
};

/** Without directories; what says no more than another is told apart by its run. */
function nameOf({ commandLine, isZombie, runId }: RecordedProcess): string {
  if (isZombie) return 'dead';
  const name = commandLine.replace(/(?:https?:\/)?\/[^\s"']*?([^/\s"']*)\/?(?=[\s"']|$)/g, '$1');
  return name === 'sh command' && runId === 'run-b' ? `${name} (run-b)` : name;
}

function sortedNames(processes: readonly RecordedProcess[]): string[] {
  return processes.map(nameOf).toSorted();
}

/** Every process of the snapshot, by what the rules make of it. */
function partition({ processes }: RecordedSnapshot, found: RunProcesses) {
  const ofPids = (chosen: RunProcesses['members']) =>
    sortedNames(processes.filter(({ pid }) => chosen.some((process) => process.pid === pid)));
  const tied = [...found.members, ...found.detachedHelpers, ...found.outOfReach].map(({ pid }) => pid);
  return {
    members: ofPids(found.members),
    detachedHelpers: ofPids(found.detachedHelpers),
    outOfReach: ofPids(found.outOfReach),
    // How many of the dead still wait for their parent is a matter of luck; they are nobody's.
    neither: sortedNames(processes.filter(({ pid, isZombie }) => !isZombie && !tied.includes(pid))),
  };
}

/** As the use cases search: on what a process listens they ask only where it matters. */
function findIn({ processes, run }: RecordedSnapshot): RunProcesses {
  const sockets = {
    on: (port: number) =>
      processes.filter(({ listensOn }) => listensOn.includes(port)).map(({ pid, uid }) => ({ port, pid, uid })),
    portsOf: (pid: number) => processes.find((process) => process.pid === pid)?.listensOn ?? [],
    // The rules ask for ports, not for addresses, and not for strangers.
    listenersOf: () => [],
    strangersOn: () => [],
    named: () => [],
  };
  return findMembers(
    { processes: processes.map((process) => ({ ...process, listensOn: [] })), sockets: () => sockets },
    run,
  );
}

describe.each(Object.entries(recordings))('%s', (name, moments) => {
  const recording = readRecording(name);

  test('was recorded at these moments', () => {
    expect(Object.keys(recording.moments)).toEqual(Object.keys(moments));
  });

  test.each(Object.entries(moments))('%s', (moment, expected) => {
    const snapshot = recording.moments[moment];
    if (snapshot === undefined) throw new Error('not recorded');
    const { detachedHelpers = [], neither = [], members, membersUnrecorded = members } = expected;
    const told = (chosen: readonly string[]) => ({
      members: chosen.toSorted(),
      detachedHelpers: detachedHelpers.toSorted(),
      outOfReach: [],
      neither: [...neverOurs, ...neither, ...members.filter((member) => !chosen.includes(member))].toSorted(),
    });
    const { processes, run } = snapshot;
    expect(partition(snapshot, membersOf(processes, run))).toEqual(told(members));
    expect(partition(snapshot, findIn(snapshot))).toEqual(told(members));
    const unrecorded = { processes, run: { ...run, recorded: [] } };
    expect(partition(unrecorded, membersOf(processes, unrecorded.run))).toEqual(told(membersUnrecorded));
    expect(partition(unrecorded, findIn(unrecorded))).toEqual(told(membersUnrecorded));
  });

  test.each(Object.entries(moments))('%s, seen from the other run: nothing of this one', (moment) => {
    const snapshot = recording.moments[moment];
    const shim = snapshot?.run.otherShims[0];
    if (!snapshot?.run.shim || !shim) throw new Error('not recorded');
    const other = { ...snapshot.run, runId: 'run-b', runDir: '/state/runs/run-b', port: 5001, recorded: [], shim };
    const found = membersOf(snapshot.processes, { ...other, otherShims: [snapshot.run.shim] });
    expect(partition(snapshot, found)).toMatchObject({
      members: ['sh command (run-b)', 'sh shim.sh run-b', neverOurs[8]].toSorted(),
      detachedHelpers: [],
    });
  });
});
