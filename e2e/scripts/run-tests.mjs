// Runs the end-to-end tests in two halves at once, each in a network namespace of its own, because tests assert on the first
// free port and would see each other's listeners. Where that is not allowed (it takes root, util-linux and iproute2), in
// one piece, and of the faults only those of the supervisor: all of them one after another take a quarter of an hour
// (`npm run test:faults`). Arguments go to vitest, and then in one piece too.
import { spawn } from 'node:child_process';
import { canHaveOwnNetwork, inOwnNetwork } from './own-network.mjs';

const args = process.argv.slice(2);
function run([command, ...commandArgs]) {
  return new Promise((resolve) => {
    spawn(command, commandArgs, { stdio: ['ignore', 'inherit', 'inherit'] })
      .once('error', () => resolve(1))
      .once('close', (code) => resolve(code ?? 1));
  });
}

const codes =
  args.length > 0 || !canHaveOwnNetwork
    ? [await run(['vitest', 'run', ...(args.length > 0 ? args : ['test/', 'faults/supervisor'])])]
    : await Promise.all([1, 2].map((half) => run(inOwnNetwork(['vitest', 'run', `--shard=${half}/2`]))));
process.exitCode = Math.max(...codes);
