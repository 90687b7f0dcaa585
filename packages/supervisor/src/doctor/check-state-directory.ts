import { existsSync, statSync } from 'node:fs';
import { advise, describeFileSystem, program } from '@candle/core';
import { type Check, type Finding, ok, problem, warning } from './check.ts';

/** Permission bits of everyone except the owner. */
const foreignBits = 0o077;

/** Checks that the state directory is usable, belongs to this user and cannot be accessed by others. */
export const checkStateDirectory: Check = {
  name: 'state directory',
  run: ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok(`${stateDir} does not exist yet; the first command that needs it creates it`);
    const stats = statSync(stateDir);
    const uid = process.geteuid?.();
    if (!stats.isDirectory()) return [problem(`${stateDir} is not a directory`, 'Move that file away')];
    if (uid !== undefined && stats.uid !== uid) {
      const hint = 'Run candle as that user (without sudo), or set CANDLE_STATE_DIR to a directory of your own';
      return [problem(`${stateDir} belongs to another user (uid ${stats.uid}, you are uid ${uid})`, hint)];
    }
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    const findings: Finding[] = [
      ...ok(`${stateDir} (${describeFileSystem(stateDir) ?? 'unknown file system'}, mode ${mode})`),
    ];
    if ((stats.mode & foreignBits) === 0) return findings;
    const hint = advise('To deny them access', program('chmod', '700', stateDir));
    return [warning(`Other users can access ${stateDir} (mode ${mode})`, hint)];
  },
};
