import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findMembers, takeProcessSnapshot } from '../../src/members/find-members.ts';
import { awaitPortFree } from '../../src/stop/stop-run.ts';
import { waitClock } from '../../src/supervision.ts';
import type { ProcessInfo } from '../../src/system/process-table.ts';
import { sendSignal } from '../../src/system/send-signal.ts';
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

const gone = {
  outcome: 'gone',
  killed: false,
  detachedHelpers: [],
  sharedDaemons: [],
  survivors: [],
  waitedForCaller: [],
};
const isAlive = processTable.isAlive;
const ports = { processTable, clock: waitClock };

test('stops a pipeline and frees its port', async () => {
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

test('stops node inside nested shells', async () => {
  await withRun(`sh -c 'sh -c "node ${fixture('listens.mjs')} 0; :"; :'`, async (run) => {
    await run.printed(/(listening)/);
    expect(await run.stop()).toEqual(gone);
  });
});

test('stops npm run', async () => {
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

test('waits for a graceful exit that takes 300 ms, and its exit code is recorded', async () => {
  await withRun(`node ${fixture('exits-5-after-300-ms.mjs')}`, async (run) => {
    await run.printed(/(ready)/);
    expect(await run.stop()).toEqual(gone);
    expect(run.exitRecord()).toBe('5');
  });
});

test('kills a program that ignores SIGTERM after the timeout, reports what it waits for, and the exit is recorded', async () => {
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

test('with SIGKILL as the stop signal, kills immediately, and the exit is still recorded', async () => {
  await withRun(`node ${fixture('exits-5-after-300-ms.mjs')}`, async (run) => {
    await run.printed(/(ready)/);
    expect(await run.stop({ signal: 'SIGKILL' })).toEqual({ ...gone, killed: true });
    expect(run.exitRecord()).toBe('137');
  });
});

test('stops a leftover that ignores SIGTERM after its parent and the shim have exited', async () => {
  await withRun(`sh ${fixture('ignores-sigterm.sh')} & :`, async (run) => {
    await run.printed(/(ready)/);
    await waitFor('the end of the shim', () => !isAlive(run.shim));
    expect(run.exitRecord()).toBe('0');
    expect(await run.stop({ timeoutMs: 100 })).toEqual({ ...gone, killed: true });
  });
});

test('continues a suspended process, so that it can exit', async () => {
  await withRun('echo "pid $$"; exec sleep 1000', async (run) => {
    const program = await run.printedPid(/pid (\d+)/);
    sendSignal(program.pid, 'SIGSTOP');
    await waitFor('the process to be suspended', () =>
      processTable.snapshot().some((it) => it.pid === program.pid && it.isStopped),
    );
    expect(await run.stop()).toEqual(gone);
  });
});

test('stops a daemon in its own session that keeps the output open', async () => {
  await withRun(`node ${fixture('daemonizes-with-output.mjs')}`, async (run) => {
    const daemon = await run.printedPid(/daemon (\d+)/);
    await waitFor('the end of the shim', () => !isAlive(run.shim));
    expect(isAlive(daemon)).toBe(true);
    expect(await run.stop()).toEqual(gone);
    expect(isAlive(daemon)).toBe(false);
  });
});

test('stops a daemon whose only mark is that it listens on the reserved port', async () => {
  const port = await freePort();
  await withRun(
    `node ${fixture('daemonizes-and-listens.mjs')} ${port}`,
    async (run) => {
      const daemon = await run.printedPid(/daemon (\d+)/);
      await waitFor('the daemon to listen', () => processTable.listenersOn(port)[0]?.pid === daemon.pid);
      await waitFor('the end of the shim', () => !isAlive(run.shim));

      const untested = findMembers(takeProcessSnapshot(processTable), { ...run.marks, portTestedFree: false });
      expect(untested.members).toEqual([]);
      expect(await run.stop()).toEqual(gone);
      expect(isAlive(daemon)).toBe(false);
      expect(await awaitPortFree(port, ports)).toEqual([]);
    },
    { port },
  );
});

test('stops a chain of processes that fork and exit too fast for a scan', async () => {
  const chains = `sh ${fixture('forks-and-dies.sh')}; `.repeat(3);
  await withRun(`${chains} echo ready; sleep 1000`, async (run) => {
    await run.printed(/(ready)/);
    expect(await run.stop({ timeoutMs: 300 })).toMatchObject({ outcome: 'gone', survivors: [], waitedForCaller: [] });
    await waitFor('the group to be gone', () => sendSignal(-run.shim.pid, 0) === 'gone');
  });
});

test('stops a chain of processes that creates a new session every 50 ms', async () => {
  await withRun(`node ${fixture('hops-sessions.mjs')}`, async (run) => {
    await run.printed(/ready[\s\S]*(ready)/);
    expect(await run.stop({ timeoutMs: 100 })).toMatchObject({ outcome: 'gone', survivors: [], waitedForCaller: [] });
    const left = processTable.snapshot().filter((it) => it.runId === run.marks.runId && !it.isZombie);
    expect(left).toEqual([]);
  });
});

test.each(['exec sleep 1000', 'sleep 1000; :'])(
  'a run that has just started does not lose the signal: %s',
  async (command) => {
    for (let round = 0; round < 15; round++) {
      await withRun(command, async (run) => {
        expect(await run.stop()).toEqual(gone);
      });
    }
  },
);

test('keeps running and reports what the program opened for the user', async () => {
  await withRun(`node ${fixture('opens-browser.mjs')}`, async (run) => {
    const browser = await run.printedPid(/browser (\d+)/);
    const { outcome, detachedHelpers } = await run.stop();
    expect(outcome).toBe('gone');
    expect(detachedHelpers).toMatchObject([{ ...browser, command: 'sleep' }]);
    expect(isAlive(browser)).toBe(true);
  });
});

test('does not affect another run, or other processes started by the same process', async () => {
  await withRun('exec sleep 1000', async (other) => {
    await withRun('exec sleep 1000', async (run) => {
      const otherShims = [other.shim];
      expect(await run.stop({}, { otherShims })).toEqual(gone);
      expect(isAlive(other.shim)).toBe(true);
    });
  });
});

test('signals no process if another process has reused the recorded pid of the shim', async () => {
  await withRun('exec sleep 1000', async (stranger) => {
    await withRun('exit 0', async (run) => {
      await waitFor('the end of the shim', () => !isAlive(run.shim));
      const forged = { pid: stranger.shim.pid, startToken: String(Number(stranger.shim.startToken) - 1) };
      expect(await run.stop({ timeoutMs: 0 }, { shim: forged, recorded: [forged] })).toEqual(gone);
      expect(isAlive(stranger.shim)).toBe(true);
    });
  });
});

test('called inside the run, ends everything except the caller, and does not wait for shells that wait for the caller', async () => {
  const marks = { port: undefined, portTestedFree: false, recorded: [], otherShims: [] };
  const script = fixture('stops-its-own-run.mjs');
  const about = `'{"runId":"'$CANDLE_RUN_ID'","runDir":"'$PWD'","uid":'$(id -u)','${`'${JSON.stringify(marks).slice(1)}'`}`;
  await withRun(`sleep 1000 & node ${script} ${about}; :`, async (run) => {
    expect(await run.printed(/outcome (\w+ after \w+)/)).toBe('gone after less');
    expect(run.spool()).not.toContain('was signalled');
    await waitFor('the end of the shim', () => !isAlive(run.shim));
  });
});

test('reports the process that listens on a port that does not become free', async () => {
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
