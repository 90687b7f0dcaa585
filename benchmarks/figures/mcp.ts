import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../measure/process-costs.ts';
import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import { startMcpServer } from '../workbench/mcp-server.ts';
import type { Workspace } from '../workbench/workbench.ts';
import type { PairFigure, ValueFigure } from './figure.ts';

const samples = 5;
const calls = 100;
/** Time after which the memory that the first call needed has been released. */
const settlingMs = 2_000;
const bytesPerMB = 1_000_000;

/** Measured from the spawn to the result of the first call; the exit of the server is not included. */
export const mcpFirstCall: PairFigure = {
  name: 'mcp-first-call',
  title: 'mcp: initialise and first call',
  baseline: 'node -e 0',
  aim: { ratio: 6 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = await workspaceWithPort(openWorkspace('mcp-first-call'));
    return takePairs(rounds.pairs, {
      measured: async () => {
        const beganMs = performance.now();
        const server = startMcpServer(workspace.candle(['mcp']));
        await server.call('GetReservedPort', { serviceName: 'api' });
        const tookMs = performance.now() - beganMs;
        await server.close();
        return tookMs;
      },
      baseline: () => timeCommand(bareNode),
    });
  },
};

/** Sequential calls on one server: each starts after the result of the previous one. */
export const mcpHundredCalls: PairFigure = {
  name: 'mcp-calls',
  title: `mcp: ${calls} × GetReservedPort in a row`,
  baseline: 'one get-reserved-port',
  measure: async ({ rounds, openWorkspace }) => {
    const workspace = await workspaceWithPort(openWorkspace('mcp-calls'));
    const server = startMcpServer(workspace.candle(['mcp']));
    const pairs = await takePairs(rounds.pairs, {
      measured: async () => {
        const beganMs = performance.now();
        for (let call = 0; call < calls; call++) await server.call('GetReservedPort', { serviceName: 'api' });
        return performance.now() - beganMs;
      },
      baseline: () => timeCommand(workspace.candle(['get-reserved-port', 'api'])),
    });
    await server.close();
    return pairs;
  },
};

export const mcpMemory: ValueFigure = {
  name: 'mcp-memory',
  title: 'mcp: memory (RSS) of an idle server',
  unit: 'MB',
  max: 80,
  take: async ({ openWorkspace }, note) => {
    const workspace = await workspaceWithPort(openWorkspace('mcp-memory'));
    const server = startMcpServer(workspace.candle(['mcp']));
    await server.call('GetReservedPort', { serviceName: 'api' });
    await sleep(settlingMs);
    const { file, env, cwd } = workspace.candle([]);
    const bare = spawn(file, ['-e', 'process.stdin.resume()'], { cwd, env });
    await sleep(settlingMs);
    note(
      `mcp-memory: a bare Node process that waits on stdin uses ${(residentBytes(bare.pid ?? 0) / bytesPerMB).toFixed(1)} MB.`,
    );
    const values = Array.from({ length: samples }, () => residentBytes(server.pid) / bytesPerMB);
    bare.stdin.end();
    await Promise.all([server.close(), once(bare, 'exit')]);
    return values;
  },
};

async function workspaceWithPort(workspace: Workspace): Promise<Workspace> {
  await runCommand(workspace.candle(['reserve-port', 'api']));
  return workspace;
}
