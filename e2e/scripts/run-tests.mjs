// Runs the end-to-end tests in several lanes at the same time, each in a separate network namespace, because tests assert
// on the first free port and would see each other's listeners. The files are split into parts, and a lane takes the next
// part when it has finished one, so that no lane gets all the slow files. If namespaces are not allowed (they require
// util-linux and iproute2), all tests run in one lane. Only some fault tests run here, because all of them take 15
// minutes: `npm run test:faults`. Tests of `test/bounded.ts` run only with E2E=all. Arguments are passed to vitest, which then runs in one lane too.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canHaveOwnNetwork, inOwnNetwork } from './own-network.mjs';

/** More lanes than cores, because tests spend much of their time waiting. */
const lanes = 4;
const parts = 16;
const faults = ['supervisor', 'output-crashes'].map((file) => `faults/${file}`);

const args = process.argv.slice(2);

function run([command, ...commandArgs]) {
  return new Promise((resolve) => {
    spawn(command, commandArgs, { stdio: ['ignore', 'inherit', 'inherit'] })
      .once('error', () => resolve(1))
      .once('close', (code) => resolve(code ?? 1));
  });
}

async function runInLanes(reports) {
  const left = Array.from({ length: parts }, (_, part) => part + 1);
  const lane = async () => {
    let worst = 0;
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const report = ['--reporter=default', '--reporter=blob', `--outputFile=${join(reports, `${part}.json`)}`];
      const vitest = ['vitest', 'run', `--shard=${part}/${parts}`, ...report, 'test/', ...faults];
      worst = Math.max(worst, await run(inOwnNetwork(vitest)));
    }
    return worst;
  };
  return Math.max(...(await Promise.all(Array.from({ length: lanes }, lane))));
}

/** Lists the retried and the skipped tests of all parts once, at the end. */
async function runAll() {
  const reports = mkdtempSync(join(tmpdir(), 'candle-reports-'));
  try {
    const code = await runInLanes(reports);
    const reporters = ['../scripts/retried-tests.mjs', './scripts/skipped-tests.mjs'].map(
      (path) => `--reporter=${path}`,
    );
    const listing = await run(['vitest', `--merge-reports=${reports}`, ...reporters]);
    return Math.max(code, listing);
  } finally {
    rmSync(reports, { recursive: true });
  }
}

if (args.length > 0) process.exitCode = await run(inOwnNetwork(['vitest', 'run', ...args]));
else if (canHaveOwnNetwork) process.exitCode = await runAll();
else process.exitCode = await run(['vitest', 'run', 'test/', 'faults/supervisor']);
