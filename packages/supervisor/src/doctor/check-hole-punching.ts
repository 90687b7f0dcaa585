import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull } from '@candle/core';
import { type Check, ok, warning } from './check.ts';

/** Several blocks of any common file system. */
const trialBytes = 1024 * 1024;

/** Checks that the disk space of copied output can be freed while the service still has the file open. */
export const checkHolePunching: Check = {
  name: 'hole punching',
  run: async ({ stateDir }) => {
    if (process.platform !== 'linux')
      return ok('Not available on this system: copied output takes up disk space until the run ends');
    if (!existsSync(stateDir)) return ok('Not tested: there is no state directory yet');
    const path = join(stateDir, `supervisor.trial-${process.pid}`);
    try {
      writeFileSync(path, Buffer.alloc(trialBytes, 1), { mode: 0o600 });
      const before = statSync(path).blocks;
      const { execa } = await import('execa');
      const { exitCode, stderr, code } = await execa('fallocate', ['-p', '-o', '0', '-l', String(trialBytes), path], {
        reject: false,
      });
      if (code === 'ENOENT')
        return [
          warning(
            'The program fallocate is missing: copied output takes up disk space until the run ends',
            'Install util-linux',
          ),
        ];
      if (exitCode === 0 && statSync(path).blocks < before)
        return ok('Works: the disk space of copied output is freed');
      return [
        warning(
          `Refused by the file system of ${stateDir} (${stderr || 'nothing was freed'}): copied output takes up disk space until the run ends`,
          'Set CANDLE_STATE_DIR to a directory on ext4, xfs, btrfs or tmpfs',
        ),
      ];
    } catch (error) {
      if (isDiskFull(error)) return ok('Not tested: the disk is full');
      throw error;
    } finally {
      rmSync(path, { force: true });
    }
  },
};
