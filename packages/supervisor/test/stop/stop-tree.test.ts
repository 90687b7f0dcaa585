import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMembers, takeProcessSnapshot } from '../../src/members/find-members.ts';
import { awaitPortFree } from '../../src/stop/await-port-free.ts';
import type { ProcessInfo } from '../../src/system/process-table.ts';
import { sendSignal } from '../../src/system/send-signal.ts';
import { waitClock } from '../../src/system/wait-clock.ts';
import { fixture, freePort, type LaunchedRun, launch, processTable } from './launched-run.ts';
import { waitFor } from './wait-for.ts';

type Given = Parameters<typeof launch>[1];

async function withRun(command: string, use: (run: LaunchedRun) => Promise<void>, given?: Given): Promise<void> {
  const run = await launch(command, given);
  try {
    await use(run);
  } finally {
    await run.end();
  }
}

const gone = { outcome: 'gone', killed: false, detachedHelpers: [], survivors: [], waitedForCaller: [] };
const isAlive = processTable.isAlive;
const ports = { processTable, clock: waitClock };

test('a pipeline is gone, and its port free', async () => {
  const port = await freePort();
  await withRun(
    `node ${fixture('listens.mjs')} ${port} | cat`,
    async (run) => {
      await run.printed(/(listening)/);
      expect(await run.stop()).toEqual(gone);
      expect(isAlive(run.shim)).toBe(false);
      expect(await awaitPortFree(port, ports)).toEqual([]);
    },
    { port },
  );
});

test('sh in sh in node', async () => {
  await withRun(`sh -c 'sh -c "node ${fixture('listens.mjs')} 0; :"; :'`, async (run) => {
    await run.printed(/(listening)/);
    expect(await run.stop()).toEqual(gone);
  });
});

test('npm run', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'candle-npm-'));
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts: { dev: `node ${fixture('listens.mjs')} 0` } }));
  try {
    await withRun(
      'npm run dev',
      async (run) => {
        await run.printed(/(listening)/);
        expect(await run.stop()).toMatchObject(gone);
      },
      { cwd },
    );
  } finally {
    rmSync(cwd, { recursive: true });
  }
});

test('a graceful end of 300 ms is waited for, and its exit code recorded', async () => {
  await withRun(`node ${fixture('exits-5-after-300-ms.mjs')}`, async (run) => {
    await run.printed(/(ready)/);
    expect(await run.stop()).toEqual(gone);
    expect(run.exitRecord()).toBe('5');
  });
});

test('a program that ignores SIGTERM is killed after the timeout, tells who it was waited for, and has its exit recorded', async () => {
  await withRun(`sh ${fixture('ignores-sigterm.sh')}`, async (run) => {
    await run.printed(/(ready)/);
    const waitedFor: (readonly ProcessInfo[])[] = [];
    const stopped = await run.stop({
      timeoutMs: 1_300,
      onWaiting: (processes: readonly ProcessInfo[]) => waitedFor.push(processes),
    });
    expect(stopped).toEqual({ ...gone, killed: true });
    expect(waitedFor).toHaveLength(1);
    expect(waitedFor[0]?.map((process) => process.command)).toContain('sh');
    expect(waitedFor[0]?.map((process) => process.pid)).not.toContain(run.shim.pid);
    expect(run.exitRecord()).toBe('137');
  });
});

test('SIGKILL as the stop signal asks nobody, and the exit is still recorded', async () => {
  await withRun(`node ${fixture('exits-5-after-300-ms.mjs')}`, async (run) => {
    await run.printed(/(ready)/);
    expect(await run.stop({ signal: 'SIGKILL' })).toEqual({ ...gone, killed: true });
    expect(run.exitRecord()).toBe('137');
  });
});

test('a leftover that ignores SIGTERM, whose parent and guard have ended', async () => {
  await withRun(`sh ${fixture('ignores-sigterm.sh')} & :`, async (run) => {
    await run.printed(/(ready)/);
    await waitFor('the end of the guard', () => !isAlive(run.shim));
    expect(run.exitRecord()).toBe('0');
    expect(await run.stop({ timeoutMs: 100 })).toEqual({ ...gone, killed: true });
  });
});

test('a stopped process is continued, so that it can end by itself', async () => {
  await withRun('echo "pid $$"; exec sleep 1000', async (run) => {
    const program = await run.printedPid(/pid (\d+)/);
    sendSignal(program.pid, 'SIGSTOP');
    await waitFor('its stop', () => processTable.snapshot().some((it) => it.pid === program.pid && it.isStopped));
    expect(await run.stop()).toEqual(gone);
  });
});

test('a daemon in its own session that keeps the output', async () => {
  await withRun(`node ${fixture('daemonizes-with-output.mjs')}`, async (run) => {
    const daemon = await run.printedPid(/daemon (\d+)/);
    await waitFor('the end of the guard', () => !isAlive(run.shim));
    expect(isAlive(daemon)).toBe(true);
    expect(await run.stop()).toEqual(gone);
    expect(isAlive(daemon)).toBe(false);
  });
});

test('a daemon without any mark but the reserved port, on which it listens', async () => {
  const port = await freePort();
  await withRun(
    `node ${fixture('daemonizes-and-listens.mjs')} ${port}`,
    async (run) => {
      const daemon = await run.printedPid(/daemon (\d+)/);
      await waitFor('its listener', () => processTable.listenersOn(port)[0]?.pid === daemon.pid);
      await waitFor('the end of the guard', () => !isAlive(run.shim));

      const untested = findMembers(takeProcessSnapshot(processTable), { ...run.marks, portTestedFree: false });
      expect(untested.members).toEqual([]);
      expect(await run.stop()).toEqual(gone);
      expect(isAlive(daemon)).toBe(false);
      expect(await awaitPortFree(port, ports)).toEqual([]);
    },
    { port },
  );
});

test('a chain that forks and dies too fast to be seen', async () => {
  const chains = `sh ${fixture('forks-and-dies.sh')}; `.repeat(3);
  await withRun(`${chains} echo ready; sleep 1000`, async (run) => {
    await run.printed(/(ready)/);
    expect(await run.stop({ timeoutMs: 300 })).toMatchObject({ outcome: 'gone', survivors: [], waitedForCaller: [] });
    await waitFor('the kernel to say that the group is gone', () => sendSignal(-run.shim.pid, 0) === 'gone');
  });
});

test('a chain that makes a new session every 50 ms', async () => {
  await withRun(`node ${fixture('hops-sessions.mjs')}`, async (run) => {
    await run.printed(/ready[\s\S]*(ready)/);
    expect(await run.stop({ timeoutMs: 100 })).toMatchObject({ outcome: 'gone', survivors: [], waitedForCaller: [] });
    const left = processTable.snapshot().filter((it) => it.runId === run.marks.runId && !it.isZombie);
    expect(left).toEqual([]);
  });
});

test.each(['exec sleep 1000', 'sleep 1000; :'])('a run that has only begun loses no signal: %s', async (command) => {
  for (let round = 0; round < 15; round++) {
    await withRun(command, async (run) => {
      expect(await run.stop()).toEqual(gone);
    });
  }
});

test('what the program opened for the person survives and is named', async () => {
  await withRun(`node ${fixture('opens-browser.mjs')}`, async (run) => {
    const browser = await run.printedPid(/browser (\d+)/);
    const { outcome, detachedHelpers } = await run.stop();
    expect(outcome).toBe('gone');
    expect(detachedHelpers).toMatchObject([{ ...browser, command: 'sleep' }]);
    expect(isAlive(browser)).toBe(true);
  });
});

test('another run, and what else the same process started, survive', async () => {
  await withRun('exec sleep 1000', async (other) => {
    await withRun('exec sleep 1000', async (run) => {
      const otherShims = [other.shim];
      expect(await run.stop({}, { otherShims })).toEqual(gone);
      expect(isAlive(other.shim)).toBe(true);
    });
  });
});

test('a run whose recorded guard pid belongs to another process now signals nobody', async () => {
  await withRun('exec sleep 1000', async (stranger) => {
    await withRun('exit 0', async (run) => {
      await waitFor('the end of the guard', () => !isAlive(run.shim));
      const forged = { pid: stranger.shim.pid, startToken: String(Number(stranger.shim.startToken) - 1) };
      expect(await run.stop({ timeoutMs: 0 }, { shim: forged, recorded: [forged] })).toEqual(gone);
      expect(isAlive(stranger.shim)).toBe(true);
    });
  });
});

test('a run stopped from inside itself ends all but the caller, and does not wait for the shells that wait for it', async () => {
  const marks = { port: undefined, portTestedFree: false, recorded: [], otherShims: [] };
  const script = fixture('stops-its-own-run.mjs');
  const about = `'{"runId":"'$CANDLE_RUN_ID'","runDir":"'$PWD'","uid":'$(id -u)','${`'${JSON.stringify(marks).slice(1)}'`}`;
  await withRun(`sleep 1000 & node ${script} ${about}; :`, async (run) => {
    expect(await run.printed(/outcome (\w+ after \w+)/)).toBe('gone after less');
    expect(run.spool()).not.toContain('was signalled');
    await waitFor('the end of the guard', () => !isAlive(run.shim));
  });
});

test('a port that stays held names its holder', async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Number(Object(server.address()).port)));
  });
  try {
    const owners = await awaitPortFree(port, { ...ports, timeoutMs: 50 });
    expect(owners).toMatchObject([{ port, pid: process.pid, command: expect.any(String), uid: process.getuid?.() }]);
  } finally {
    server.close();
  }
});
