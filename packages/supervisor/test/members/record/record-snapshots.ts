/**
 * Updates the recordings that membersOf is tested with: npm, turbo, vite --open, redis --daemonize and nginx as services of
 * the built CLI, at the relevant moments. The tests do not run this script, because it needs root (for separate namespaces
 * that contain only the processes of the recording) and redis-server, redis-cli and nginx on the PATH:
 *
 *     pnpm run build && cd packages/supervisor && PATH="…:$PATH" pnpm run record-snapshots [NAME…]
 *
 * Then review the diff, and update recorded-members.test.ts if the programs themselves have changed.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, services } from './services.ts';

/** The user in the recordings: not root, because different rules apply to root. */
const ada = 1000;

function recordInside(name: string): void {
  const baseDir = realpathSync(mkdtempSync(join(tmpdir(), 'candle-record-')));
  try {
    const user = services[name]?.asRoot ? 0 : ada;
    chmodSync(baseDir, 0o755);
    chownSync(baseDir, user, user);
    const asUser = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--'];
    const node = [
      process.execPath,
      '--conditions=@candle/source',
      join(import.meta.dirname, 'record-one.ts'),
      name,
      baseDir,
    ];
    // sh is the init process of the new pid namespace: it reaps zombies, and all processes end with it.
    const init = ['setsid', 'sh', '-c', 'ip link set lo up; "$@"; exit $?', 'init', ...asUser, ...node];
    execFileSync('unshare', ['--net', '--pid', '--fork', '--kill-child', '--mount-proc', ...init], {
      cwd: baseDir,
      env: { PATH: process.env.PATH, HOME: join(baseDir, 'home') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const recorded = readFileSync(join(baseDir, 'recorded.json'));
    writeFileSync(join(import.meta.dirname, '..', 'recorded', `${name}.json`), recorded);
  } finally {
    rmSync(baseDir, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : serviceNames) recordInside(name);
