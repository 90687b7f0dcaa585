import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox } from '@candle/test-kit';
import { expect } from 'vitest';
import { inPart } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';

const config = { services: [{ name: 'api', shell: 'umask; sleep 600', env: { SECRET: 'x' } }] };

/** Runs the CLI under this umask. Only a shell can set the umask of the program that it starts. */
function underUmask(box: Sandbox, umask: string, args: readonly string[]) {
  return runProgram('sh', ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, bin, ...args], {
    cwd: box.projectDir,
    env: box.env,
  });
}

function modesBelow(directory: string): Record<string, string> {
  const entries = ['.', ...(readdirSync(directory, { recursive: true }) as string[])];
  return Object.fromEntries(
    entries.map((name) => {
      const stats = lstatSync(join(directory, name));
      return [name, `${stats.isDirectory() ? 'directory' : 'file'} ${(stats.mode & 0o777).toString(8)}`];
    }),
  );
}

// The last one removes the execute permission that the owner needs for directories.
inPart(1).for(['000', '022', '077', '0177'])(
  'under umask %s, only the owner can access the files in the state directory',
  async (umask) => {
    const box = sandbox({ config });
    await underUmask(box, umask, ['reserve-port', 'web']);
    const start = await underUmask(box, umask, ['start', 'api', '--bg']);
    expect(start, start.stderr).toMatchObject({ exitCode: 0 });
    const modes = modesBelow(box.stateDir);
    expect(Object.keys(modes).length).toBeGreaterThan(8);
    for (const [name, mode] of Object.entries(modes)) {
      expect([name, mode]).toEqual([name, mode.startsWith('directory') ? 'directory 700' : 'file 600']);
    }
    // The service runs with the umask of its caller.
    expect((await underUmask(box, umask, ['logs', 'api'])).stdout.trim()).toBe(umask.padStart(4, '0'));
    expect((await underUmask(box, umask, ['kill', 'api'])).exitCode).toBe(0);
  },
);
