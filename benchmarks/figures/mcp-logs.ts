import { existsSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takePairs } from '../measure/take-pairs.ts';
import { runCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import { fixture } from '../workbench/fixture.ts';
import { startMcpServer } from '../workbench/mcp-server.ts';
import type { PairFigure } from './figure.ts';

const lineBytes = 100;

/** Uses one server and two services that have exited. A note reports how long a search through all lines takes. */
export const mcpLogs: PairFigure = {
  name: 'mcp-logs',
  title: 'mcp: GetLogs of 1,000,000 lines',
  baseline: 'the same for 100 lines',
  aim: { extraMs: 10 },
  measure: async ({ rounds, openWorkspace }, note) => {
    const workspace = openWorkspace('mcp-logs');
    const go = join(workspace.projectDir, 'go');
    const service = (name: string, lines: number) => ({
      name,
      shell: fixture('generates.mjs', lines, lineBytes, Math.min(lines, 600), go, join(workspace.projectDir, name)),
      logs: { maxBytes: '1GB' },
    });
    workspace.configure({ services: [service('long', 1_000_000), service('short', 100)] });
    writeFileSync(go, '');
    await runCommand(workspace.candle(['start', '--bg']));
    await waitUntil('all lines are printed', () =>
      ['long', 'short'].every((name) => existsSync(join(workspace.projectDir, name))),
    );
    await waitUntil(
      'all lines are copied',
      () => globSync(join(workspace.stateDir, 'runs', '*', 'spool')).length === 0,
    );
    const server = startMcpServer(workspace.candle(['mcp']));
    const timeCall = async (input: object) => {
      const beganMs = performance.now();
      await server.call('GetLogs', input);
      return performance.now() - beganMs;
    };
    const pairs = await takePairs(rounds.pairs, {
      measured: () => timeCall({ name: 'long' }),
      baseline: () => timeCall({ name: 'short' }),
    });
    const searchMs = await timeCall({ name: 'long', grep: '00000001' });
    note(`mcp-logs: searching for the first of the million lines takes ${searchMs.toFixed(0)} ms.`);
    await server.close();
    return pairs;
  },
};
