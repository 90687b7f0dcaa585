// Runs the tests in install/ on several Node versions. Their binaries come from the npm registry and are deleted
// afterwards; nothing else uses the network. Arguments are passed to vitest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canFetchNodes, fetchNodes } from '../install/fetch-nodes.mjs';
import { inOwnNetwork } from './own-network.mjs';

const nodes = mkdtempSync(join(tmpdir(), 'candle-nodes-'));
try {
  if (canFetchNodes) fetchNodes(nodes);
  const [command, ...args] = inOwnNetwork([
    'vitest',
    'run',
    '--config',
    'install/vitest.config.ts',
    ...process.argv.slice(2),
  ]);
  const env = { ...process.env, NODES: nodes };
  process.exitCode = spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1;
} finally {
  rmSync(nodes, { recursive: true });
}
