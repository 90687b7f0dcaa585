import { expect, test } from 'vitest';
import { membersOf, type RunMarks } from '../../src/members/members-of.ts';
import type { ProcessInfo } from '../../src/system/process-table.ts';
import {
  aProcess,
  aRun,
  inSession,
  inTree,
  leader,
  onNull,
  onTerminal,
  ownTerminal,
  runDir,
  shim,
  spool,
  surroundings,
  terminalShim,
} from './snapshots.ts';

interface Case {
  readonly processes: readonly ProcessInfo[];
  readonly run?: Partial<RunMarks>;
  readonly members: readonly number[];
  readonly detachedHelpers?: readonly number[];
  readonly outOfReach?: readonly number[];
}

const cases: Record<string, Case> = {
  'npm, its sh and its node': {
    processes: [shim, inTree({ pid: 101 }), inTree({ pid: 102, ppid: 101 }), inTree({ pid: 103, ppid: 102, fds: [] })],
    members: [100, 101, 102, 103],
  },
  'tasks tied only by their session (turbo): own group, no parent, empty environment, output to pipes': {
    processes: [shim, aProcess({ pid: 110, pgid: 110, sid: 100, fds: ['/dev/null', 'pipe:[1]', 'pipe:[1]'] })],
    members: [100, 110],
  },
  'a browser opened by the dev server is a detached helper with all its processes': {
    processes: [
      shim,
      inTree({ pid: 101, listensOn: [4000] }),
      aProcess({ pid: 120, ppid: 101, runId: 'run-a', command: 'chrome' }),
      aProcess({ pid: 121, ppid: 120, pgid: 120, sid: 120, runId: 'run-a', command: 'chrome' }),
      aProcess({ pid: 122, ppid: 121, command: 'chrome-sandbox' }),
    ],
    members: [100, 101],
    detachedHelpers: [120, 121, 122],
  },
  'one listener makes all processes of its separate session members': {
    processes: [
      shim,
      aProcess({ pid: 120, ppid: 100, runId: 'run-a' }),
      aProcess({ pid: 121, ppid: 120, pgid: 120, sid: 120, listensOn: [9229] }),
    ],
    members: [100, 120, 121],
  },
  'one process that shares the output makes all processes of its separate session members': {
    processes: [
      shim,
      aProcess({ pid: 120, ppid: 100, runId: 'run-a' }),
      aProcess({ pid: 121, ppid: 120, pgid: 120, sid: 120, fds: ['/dev/null', '/dev/null', spool] }),
    ],
    members: [100, 120, 121],
  },
  'redis --daemonize: own session, empty environment, no output, listens on the reserved port': {
    processes: [aProcess({ pid: 130, command: 'redis-server', listensOn: [4000] })],
    members: [130],
  },
  'nginx: the workers that share the port with their master': {
    processes: [
      aProcess({ pid: 140, command: 'nginx', listensOn: [4000] }),
      aProcess({ pid: 141, ppid: 140, pgid: 140, sid: 140, command: 'nginx', listensOn: [4000] }),
      aProcess({ pid: 142, ppid: 140, pgid: 140, sid: 140, command: 'nginx: cache', listensOn: [] }),
    ],
    members: [140, 141, 142],
  },
  'a listener on the port is not a member if the port was not known to be free': {
    processes: [shim, aProcess({ pid: 130, listensOn: [4000] })],
    run: { portTestedFree: false },
    members: [100],
  },
  'a listener on the port is not a member if it is older than the shim': {
    processes: [shim, aProcess({ pid: 130, startToken: '999', listensOn: [4000] })],
    members: [100],
  },
  'a listener on the port that belongs to another user': {
    processes: [shim, aProcess({ pid: 130, uid: 33, listensOn: [4000] })],
    members: [100],
  },
  'a server that a user started in a terminal on the reserved port': {
    processes: [shim, aProcess({ pid: 131, ppid: 50, sid: 50, fds: onTerminal, listensOn: [4000] })],
    members: [100],
  },
  'an editor that listens on the port and in whose terminal Candle was called': {
    processes: [
      shim,
      aProcess({ pid: 60, command: 'editor', listensOn: [4000] }),
      aProcess({ pid: 61, ppid: 60, command: 'bash', fds: onTerminal }),
      aProcess({ pid: 62, ppid: 61, sid: 61, startToken: '9001', command: 'candle', fds: onTerminal }),
    ],
    run: { never: [62] },
    members: [100],
  },
  'a service started from inside this one, by a process that is still alive': {
    processes: [
      shim,
      inTree({ pid: 101, command: 'agent' }),
      aProcess({ pid: 200, ppid: 101, startToken: '3000', command: 'sh', runId: 'run-b' }),
      aProcess({ pid: 201, ppid: 200, pgid: 200, sid: 200, startToken: '3001', listensOn: [4000] }),
      aProcess({ pid: 202, pgid: 202, sid: 200, startToken: '3002', listensOn: [4000] }),
    ],
    run: { otherShims: [{ pid: 200, startToken: '3000' }] },
    members: [100, 101],
  },
  'this run, started by a process of another run that is still alive': {
    processes: [
      aProcess({ pid: 300, startToken: '700', command: 'sh', runId: 'run-b' }),
      aProcess({ pid: 301, ppid: 300, pgid: 300, sid: 300, startToken: '701', runId: 'run-b', command: 'agent' }),
      { ...shim, ppid: 301 },
      inTree({ pid: 101 }),
    ],
    run: { otherShims: [{ pid: 300, startToken: '700' }] },
    members: [100, 101],
  },
  'another process has reused the pid of the shim': {
    processes: [
      aProcess({ pid: 100, startToken: '5000', command: 'vim', fds: onTerminal }),
      aProcess({ pid: 105, ppid: 100, pgid: 100, sid: 100, startToken: '5001' }),
    ],
    members: [],
  },
  'a leftover without a shim makes the other processes of its session members': {
    processes: [inTree({ pid: 101, ppid: 1 }), aProcess({ pid: 102, pgid: 100, sid: 100 })],
    members: [101, 102],
  },
  'a session with the pid of the dead shim, without any other mark': {
    processes: [aProcess({ pid: 102, pgid: 100, sid: 100 })],
    members: [],
  },
  'a double-forked daemon that keeps the spool as its stdout': {
    processes: [aProcess({ pid: 150, fds: ['/dev/null', spool, '/dev/null'] })],
    members: [150],
  },
  'a process on the spool of a removed run directory': {
    processes: [aProcess({ pid: 150, fds: ['', `${spool} (deleted)`, ''] })],
    members: [150],
  },
  'a double-forked daemon that keeps the pipe of its service as its stdout': {
    processes: [aProcess({ pid: 150, fds: ['/dev/null', `${runDir}/output`, '/dev/null'] })],
    members: [150],
  },
  'the reader of the output, also while the command that started it inside the service is alive': {
    processes: [
      shim,
      inTree({ pid: 101 }),
      aProcess({ pid: 155, ppid: 101, fds: [`${runDir}/output`, spool, '/dev/null'] }),
      aProcess({ pid: 156, ppid: 101, fds: ['/state/runs/run-b/output', '/state/runs/run-b/spool', '/dev/null'] }),
    ],
    members: [100, 101],
  },
  'users who open files in the run directory': {
    processes: [
      shim,
      aProcess({ pid: 160, ppid: 50, sid: 50, command: 'less', fds: [spool, '/dev/pts/3', '/dev/pts/3'] }),
      aProcess({ pid: 161, ppid: 50, sid: 50, command: 'cat', fds: ['/dev/pts/3', `${runDir}/in`, '/dev/pts/3'] }),
    ],
    members: [100],
  },
  'a recorded daemon without any other mark, by pid and start time': {
    processes: [shim, aProcess({ pid: 170, sid: 170 }), aProcess({ pid: 171 })],
    run: {
      recorded: [
        { pid: 170, startToken: '2000', sid: 170 },
        { pid: 171, startToken: '1500' },
      ],
    },
    members: [100, 170],
  },
  'a browser that was seen in the tree before it created its own session': {
    processes: [shim, aProcess({ pid: 120, ppid: 100, runId: 'run-a' })],
    run: { recorded: [{ pid: 120, startToken: '2000', sid: 100 }] },
    members: [100],
    detachedHelpers: [120],
  },
  'a forged entry in the record, for a process older than the shim': {
    processes: [shim],
    run: { recorded: [{ pid: 50, startToken: '500' }] },
    members: [100],
  },
  'a child that is older than its parent, because the parent pid was reused during the snapshot': {
    processes: [shim, inTree({ pid: 101, startToken: '4000' }), aProcess({ pid: 102, ppid: 101, startToken: '1500' })],
    members: [100, 101],
  },
  'zombies, and the group of a zombie shim': {
    processes: [{ ...shim, isZombie: true }, inTree({ pid: 101, isZombie: true }), aProcess({ pid: 102, pgid: 100 })],
    members: [102],
  },
  'candle called inside the service is not a member, but the shell that called it is': {
    processes: [shim, inTree({ pid: 101, command: 'sh' }), inTree({ pid: 102, ppid: 101, command: 'candle' })],
    run: { never: [102] },
    members: [100, 101],
  },
  'the supervisor that was started from inside the service': {
    processes: [shim, inTree({ pid: 101 }), aProcess({ pid: 180, ppid: 101, command: 'candle-supervisor' })],
    run: { never: [900, 180] },
    members: [100, 101],
  },
  'a program of another user inside the tree is out of reach': {
    processes: [shim, inTree({ pid: 101, uid: 0, command: 'sudo', runId: undefined, fds: [] })],
    members: [100],
    outOfReach: [101],
  },
  'a service of root that switched to another user': {
    processes: [{ ...shim, uid: 0 }, inTree({ pid: 101, uid: 33 })],
    run: { uid: 0 },
    members: [100, 101],
  },
  'without a known shim, only environment and output identify members': {
    processes: [inTree({ pid: 101, fds: onNull }), inTree({ pid: 102 }), aProcess({ pid: 103, listensOn: [4000] })],
    run: { shim: undefined },
    members: [101, 102],
  },
  'the session of a terminal, with all of its groups, and a process without an environment': {
    processes: [terminalShim, leader, inSession({ pid: 111 }), inSession({ pid: 112, ppid: 1, runId: undefined })],
    run: { session: 110 },
    members: [100, 110, 111, 112],
  },
  'the session of a terminal whose shim was killed': {
    processes: [{ ...leader, ppid: 1 }, inSession({ pid: 112, ppid: 1, runId: undefined, fds: onNull })],
    run: { session: 110 },
    members: [110, 112],
  },
  'the session of a terminal whose leader has exited': {
    processes: [inSession({ pid: 111, ppid: 1 }), inSession({ pid: 112, ppid: 1, runId: undefined, fds: onNull })],
    run: { session: 110 },
    members: [111, 112],
  },
  'a session with the pid of the dead leader, without any other mark': {
    processes: [inSession({ pid: 112, ppid: 1, runId: undefined })],
    run: { session: 110 },
    members: [],
  },
  'another process has reused the pid of the dead leader': {
    processes: [aProcess({ pid: 110, fds: onNull }), inSession({ pid: 112, runId: undefined, fds: onNull })],
    run: { session: 110 },
    members: [],
  },
  'a double-forked daemon that keeps the terminal of its service as its stdout': {
    processes: [terminalShim, leader, aProcess({ pid: 120, fds: ['/dev/null', ownTerminal, '/dev/null'] })],
    run: { session: 110 },
    members: [100, 110, 120],
  },
  'a daemon that keeps the terminal of its service, whose shim was killed': {
    processes: [{ ...leader, ppid: 1 }, aProcess({ pid: 120, fds: ['/dev/null', ownTerminal, '/dev/null'] })],
    run: { session: 110 },
    members: [110, 120],
  },
  'a browser that was opened from a terminal': {
    processes: [terminalShim, leader, aProcess({ pid: 120, ppid: 110, command: 'chrome' })],
    run: { session: 110 },
    members: [100, 110],
    detachedHelpers: [120],
  },
  'strangers, if the leader has redirected its stdin and the shim was killed': {
    processes: [
      { ...leader, ppid: 1, fds: ['/dev/null', '/dev/tty', '/dev/null'] },
      aProcess({ pid: 180, fds: ['/dev/null', '/dev/tty', '/dev/null'] }),
    ],
    run: { session: 110 },
    members: [110],
  },
  'a process on a terminal with the same path in a container': {
    processes: [terminalShim, leader, aProcess({ pid: 180, fds: ['/dev/pts/7 of 31', '', ''] })],
    run: { session: 110 },
    members: [100, 110],
  },
  'the relay of a terminal, which the shim has started': {
    processes: [
      terminalShim,
      leader,
      aProcess({ pid: 105, ppid: 100, sid: 100, fds: [`${runDir}/output`, '/dev/ptmx', '/dev/null'] }),
    ],
    run: { session: 110 },
    members: [100, 110],
  },
  'parents that form a cycle': {
    processes: [shim, aProcess({ pid: 190, ppid: 191 }), aProcess({ pid: 191, ppid: 190 })],
    members: [100],
  },
};

const pids = (processes: readonly ProcessInfo[]) => processes.map((process) => process.pid).sort((a, b) => a - b);

test.each(Object.entries(cases))('%s', (_title, { processes, run, members, detachedHelpers = [], outOfReach = [] }) => {
  const found = membersOf([...surroundings, ...processes], aRun(run));
  expect({
    members: pids(found.members),
    detachedHelpers: pids(found.detachedHelpers),
    outOfReach: pids(found.outOfReach),
  }).toEqual({ members, detachedHelpers, outOfReach });
});
