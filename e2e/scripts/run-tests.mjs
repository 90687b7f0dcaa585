// Runs the end-to-end tests in several lanes at once, each in a network namespace of its own, because tests assert on the
// first free port and would see each other's listeners. The files are dealt out in parts, and a lane that is done takes
// the next, so that no lane is left with the long ones. Where namespaces are not allowed (they take root, util-linux
// and iproute2), in one piece. Of the faults only some, as all of them take a quarter of an hour: `npm run test:faults`.
// Arguments go to vitest, and then in one piece too.
import { spawn } from 'node:child_process';
import { canHaveOwnNetwork, inOwnNetwork } from './own-network.mjs';

/** More than there are cores: much of a test is waiting. */
const lanes = 3;
const parts = 12;
const faults = ['supervisor', 'output-crashes'].map((file) => `faults/${file}`);

const args = process.argv.slice(2);

function run([command, ...commandArgs]) {
  return new Promise((resolve) => {
    spawn(command, commandArgs, { stdio: ['ignore', 'inherit', 'inherit'] })
      .once('error', () => resolve(1))
      .once('close', (code) => resolve(code ?? 1));
  });
}

async function runInLanes() {
  const left = Array.from({ length: parts }, (_, part) => part + 1);
  const lane = async () => {
    let worst = 0;
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const vitest = ['vitest', 'run', `--shard=${part}/${parts}`, 'test/', ...faults];
      worst = Math.max(worst, await run(inOwnNetwork(vitest)));
    }
    return worst;
  };
  return Math.max(...(await Promise.all(Array.from({ length: lanes }, lane))));
}

if (args.length > 0) process.exitCode = await run(['vitest', 'run', ...args]);
else if (canHaveOwnNetwork) process.exitCode = await runInLanes();
else process.exitCode = await run(['vitest', 'run', 'test/', 'faults/supervisor']);
