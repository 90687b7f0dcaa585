import { existsSync, rmSync, statfsSync, statSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { advise, candle, phrase, program } from '@candle/core/errors';
import { type DatabaseInspection, describeFileSystem, findWriteProblem, inspectDatabase } from '@candle/core/store';
import { describeWriteProblem, writeProblemOf } from '@candle/core/system';
import { type Check, counted, type Finding, ok, problem, warning } from './check.ts';

/** Ample: a change is copied within a minute. Milliseconds. */
const maxCopyDelayMs = 120_000;

const recoveryHint = phrase(
  'The next command that needs it, such as ',
  { command: candle('ps') },
  ', restores it from its copy and reports what is lost',
);

const copyHint =
  'The next command that reserves or releases a port replaces the copy; if this warning stays, check that the disk is not full';

/** Checks that the database is intact, has a known schema and a current copy, and looks for earlier damaged ones. */
export const checkDatabase: Check = {
  name: 'database',
  run: ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok('No database yet');
    const inspection = inspectDatabase(stateDir);
    return [...conditionOf(inspection), ...setAsideOf(inspection)];
  },
};

function conditionOf(inspection: DatabaseInspection): readonly Finding[] {
  const { path, condition, damage, schema, knownSchema, copy } = inspection;
  if (condition === 'not made yet') return ok('No database yet');
  if (condition === 'gone') return [problem(`${path} existed before, but is missing`, recoveryHint)];
  if (condition === 'rolled back') return [problem(`${path} was replaced by an older copy`, recoveryHint)];
  if (condition === 'damaged') return [problem(`${path} is damaged (${damage})`, recoveryHint)];
  const newer = schema !== undefined && schema > knownSchema ? ', created by a newer, compatible Candle' : '';
  const copied = copy === undefined ? 'no copy yet' : `copied ${new Date(copy.copiedAtMs).toISOString()}`;
  const intact = `${path} is intact (schema ${schema}${newer}, ${copied})`;
  if (copy?.problem !== undefined) return [warning(`${intact}, but its copy is damaged (${copy.problem})`, copyHint)];
  const isLate = copy !== undefined && !copy.isCurrent && Date.now() - copy.copiedAtMs > maxCopyDelayMs;
  return isLate ? [warning(`${intact}, but the latest reservations are not in its copy`, copyHint)] : ok(intact);
}

function setAsideOf({ setAside }: DatabaseInspection): readonly Finding[] {
  if (setAside.length === 0) return [];
  const reports = setAside.filter((path) => path.endsWith('.json'));
  const sentence = `${counted(reports.length, 'database was', 'databases were')} damaged or missing, and replaced; what was restored and what was lost is listed in ${reports.join(', ')}`;
  const hint = advise('If nothing is missing', program('rm', ...setAside));
  return [warning(sentence, hint)];
}

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
    const refusal = refusalOf(stateDir);
    if ((stats.mode & foreignBits) !== 0) {
      const hint = advise('To deny them access', program('chmod', '700', stateDir));
      return [warning(`Other users can access ${stateDir} (mode ${mode})`, hint), ...refusal];
    }
    return [...ok(`${stateDir} (${describeFileSystem(stateDir) ?? 'unknown file system'}, mode ${mode})`), ...refusal];
  },
};

/** Missing space is reported by the check of the disk space. */
function refusalOf(stateDir: string): readonly Finding[] {
  const found = findWriteProblem(stateDir);
  if (found === undefined || found === 'diskFull' || found === 'noInodes') return [];
  const { reason, fix } = describeWriteProblem(found);
  return [problem(`${stateDir} cannot be written to: ${reason}`, fix(stateDir))];
}

const mebibyte = 1024 * 1024;
/** Below this a start may fail. */
const tooLittleBytes = mebibyte;
/** A service with a lot of output can fill this within minutes. */
const littleBytes = 200 * mebibyte;

/** Checks that there is enough free disk space. */
export const checkDiskSpace: Check = {
  name: 'disk space',
  run: ({ stateDir }) => {
    const dir = nearestExisting(stateDir);
    const { bavail, bsize, files, ffree } = statfsSync(dir);
    const freeBytes = bavail * bsize;
    const sentence = `${Math.floor(freeBytes / mebibyte)} MiB free on the file system of ${stateDir}`;
    if (files > 0 && ffree === 0) {
      const { fix } = describeWriteProblem('noInodes');
      return [problem(`No more files can be created on the file system of ${stateDir}`, fix(dir))];
    }
    if (freeBytes < tooLittleBytes)
      return [problem(`The disk is full: ${sentence}`, describeWriteProblem('diskFull').fix(dir))];
    if (freeBytes < littleBytes)
      return [warning(`Only ${sentence}`, 'Free some disk space before the output of services fills the disk')];
    return ok(sentence);
  },
};

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

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
      const found = writeProblemOf(error);
      if (found !== undefined) return ok(`Not tested: ${describeWriteProblem(found).reason}`);
      throw error;
    } finally {
      rmSync(path, { force: true });
    }
  },
};

const inotifyHint =
  'Raise the limits: sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288';

/** Checks that files can be watched; otherwise they have to be polled. */
export const checkFileWatching: Check = {
  name: 'file watching',
  run: async ({ stateDir }) => {
    if (!existsSync(stateDir)) return ok('Not tested: there is no state directory yet');
    const failure = await watchOnce(stateDir);
    if (failure === undefined) return ok('Works');
    return [
      warning(
        `Files cannot be watched (${failure.code ?? failure.message}): new output appears with a slight delay`,
        inotifyHint,
      ),
    ];
  },
};

/** Some failures are thrown, others are emitted as an error event. */
async function watchOnce(path: string): Promise<NodeJS.ErrnoException | undefined> {
  try {
    const watcher = watch(path);
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => watcher.once('error', resolve));
    const passed = new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)));
    const failure = await Promise.race([failed, passed]);
    watcher.close();
    return failure;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
