// Installs missing dependencies, then runs the given command.
// It runs on the system's own Node, before anything is installed, so it only uses Node's built-in modules.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const stamp = join(root, 'node_modules', '.candle-setup');
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .digest('hex');

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: bin + delimiter + process.env.PATH, TURBO_TELEMETRY_DISABLED: '1' },
  });
  if (error) console.error(`Error: Could not start ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
};

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  run('npx', ['--yes', 'pnpm@12', 'install', '--frozen-lockfile']);
  writeFileSync(stamp, wanted);
}
// This link puts the pinned Node on PATH. Without it, everything runs on the Node of the machine.
if (process.env.NODE_PIN === 'off') rmSync(join(bin, 'node'), { force: true });
const [command, ...args] = process.argv.slice(2);
if (command) run(command, args);
