/**
 * Records anew what membersOf is tested with: npm, turbo, vite --open, redis --daemonize and nginx as services of the
 * built CLI, at the moments that matter. Not run by the tests, as it needs root (for namespaces of its own, whose only
 * processes are the recording's) and redis-server, redis-cli and nginx on the PATH:
 *
 *     pnpm run build && cd packages/supervisor && PATH="…:$PATH" pnpm run record-snapshots [NAME…]
 *
 * Then read the difference, and correct recorded-members.test.ts where the programs themselves have changed.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, services } from './services.ts';

/** Who uses Candle in the recordings: root's rules are not everybody's. */
const ada = 1000;

function recordInside(name: string): void {
  const world = realpathSync(mkdtempSync(join(tmpdir(), 'candle-record-')));
  try {
    const user = services[name]?.asRoot ? 0 : ada;
    chmodSync(world, 0o755);
    chownSync(world, user, user);
    const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--'];
    const node = [
      process.execPath,
      '--conditions=@candle/source',
      join(import.meta.dirname, 'record-one.ts'),
      name,
      world,
    ];
    // Its sh is the init of the new pid namespace: it reaps, and with it everything ends.
    const init = ['setsid', 'sh', '-c', 'ip link set lo up; "$@"; exit $?', 'init', ...asUser, ...node];
    execFileSync('unshare', ['--net', '--pid', '--fork', '--kill-child', '--mount-proc', ...init], {
      cwd: world,
      env: { PATH: process.env.PATH, HOME: join(world, 'home') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const recorded = readFileSync(join(world, 'recorded.json'));
    writeFileSync(join(import.meta.dirname, '..', 'recorded', `${name}.json`), recorded);
  } finally {
    rmSync(world, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : serviceNames) recordInside(name);
