import { describe, expect, test } from 'vitest';
import { findMembers } from '../../src/members/find-members.ts';
import { membersOf, type RunProcesses } from '../../src/members/members-of.ts';
import { type RecordedProcess, type RecordedSnapshot, readRecording } from './recorded-snapshot.ts';

interface Expected {
  readonly members: readonly string[];
  readonly detachedHelpers?: readonly string[];
  /** In addition to `neverOurs`. */
  readonly neither?: readonly string[];
  /** The members if no members were recorded at the start, if they differ. */
  readonly membersUnrecorded?: readonly string[];
}

const shimAndShell = ['sh shim.sh run-a', 'sh command'];
const kill = 'node run.js kill web';

/** Other processes that were running during each recording: see record/record-one.ts. */
const neverOurs = [
  'init',
  'candle (caller)',
  // A user's own server in a terminal.
  `script -qfc node -e "require('node:http').createServer().listen(5999, '127.0.0.1', () => console.log('up'))" null`,
  `sh -c node -e "require('node:http').createServer().listen(5999, '127.0.0.1', () => console.log('up'))"`,
  `node -e require('node:http').createServer().listen(5999, '127.0.0.1', () => console.log('up'))`,
  // Another run, and the candle process that shows its output.
  'node run.js start --watch notes',
  'sh shim.sh run-b',
  'sh command (run-b)',
  `node -e require('node:http').createServer().listen(5001, '127.0.0.1', () => console.log('up'))`,
  // A user who reads the run's output, with the spool as stdin.
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
    // npm and the shim exit immediately; the server that npm started exits slowly.
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
    // The only remaining mark is the session id, and the port confirms that the session belongs to the run.
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
    // It has closed its port and waits for the last request, so only the recorded members identify it.
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

/** The command line without directories. The run id distinguishes processes with the same command line. */
function nameOf({ commandLine, isZombie, runId }: RecordedProcess): string {
  if (isZombie) return 'dead';
  const name = commandLine.replace(/(?:https?:\/)?\/[^\s"']*?([^/\s"']*)\/?(?=[\s"']|$)/g, '$1');
  return name === 'sh command' && runId === 'run-b' ? `${name} (run-b)` : name;
}

function sortedNames(processes: readonly RecordedProcess[]): string[] {
  return processes.map(nameOf).toSorted();
}

/** Groups the processes of the snapshot by the result of the rules. */
function partition({ processes }: RecordedSnapshot, found: RunProcesses) {
  const ofPids = (chosen: RunProcesses['members']) =>
    sortedNames(processes.filter(({ pid }) => chosen.some((process) => process.pid === pid)));
  const tied = [...found.members, ...found.detachedHelpers, ...found.outOfReach].map(({ pid }) => pid);
  return {
    members: ofPids(found.members),
    detachedHelpers: ofPids(found.detachedHelpers),
    outOfReach: ofPids(found.outOfReach),
    // Without zombies, because their number varies between recordings.
    neither: sortedNames(processes.filter(({ pid, isZombie }) => !isZombie && !tied.includes(pid))),
  };
}

/** Searches like the use cases, which look up the ports of a process only where they matter. */
function findIn({ processes, run }: RecordedSnapshot): RunProcesses {
  const sockets = {
    ids: new Set<string>(),
    on: (port: number) =>
      processes.filter(({ listensOn }) => listensOn.includes(port)).map(({ pid, uid }) => ({ port, pid, uid })),
    portsOf: (pid: number) => processes.find((process) => process.pid === pid)?.listensOn ?? [],
    // The rules use ports only, not addresses or strangers.
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

  test('contains a recording of each moment', () => {
    expect(Object.keys(recording.moments)).toEqual(Object.keys(moments));
  });

  test.each(Object.entries(moments))('%s', (moment, expected) => {
    const snapshot = recording.moments[moment];
    if (snapshot === undefined) throw new Error('not recorded');
    const { detachedHelpers = [], neither = [], members, membersUnrecorded = members } = expected;
    const expectedWith = (chosen: readonly string[]) => ({
      members: chosen.toSorted(),
      detachedHelpers: detachedHelpers.toSorted(),
      outOfReach: [],
      neither: [...neverOurs, ...neither, ...members.filter((member) => !chosen.includes(member))].toSorted(),
    });
    const { processes, run } = snapshot;
    expect(partition(snapshot, membersOf(processes, run))).toEqual(expectedWith(members));
    expect(partition(snapshot, findIn(snapshot))).toEqual(expectedWith(members));
    const unrecorded = { processes, run: { ...run, recorded: [] } };
    expect(partition(unrecorded, membersOf(processes, unrecorded.run))).toEqual(expectedWith(membersUnrecorded));
    expect(partition(unrecorded, findIn(unrecorded))).toEqual(expectedWith(membersUnrecorded));
  });

  test.each(Object.entries(moments))('%s: the other run contains no process of this one', (moment) => {
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
