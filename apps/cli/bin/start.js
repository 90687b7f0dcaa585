// What is to be settled before anything of Candle or oclif is loaded.
import { readlinkSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';

/** Runs the command line of this process. */
export async function start() {
  const currentDirectory = leaveDeletedDirectory();
  ignoreUselessHome();
  resolveDataDirectory(currentDirectory);
  nameShellOfStranger();
  // Otherwise oclif looks for TypeScript sources where NODE_ENV is "development", and warns of every linked plugin.
  globalThis.oclif = { ...globalThis.oclif, enableAutoTranspile: false };
  // What Node has compiled is kept: half a megabyte of oclif need not be compiled for each command. In the user's own
  // cache: Node's default lies below /tmp, where another user could put code of theirs for this one.
  const cacheHome = process.env.XDG_CACHE_HOME || (process.env.HOME ? `${process.env.HOME}/.cache` : '');
  if (isAbsolute(cacheHome)) enableCompileCache(`${cacheHome}/candle/compiled`);
  const { runCli } = await import('../dist/main.js').catch(failToLoad);
  await runCli(process.argv.slice(2), currentDirectory);
}

/**
 * A HOME that is empty or relative counts as not set, so that the system is asked. Taken as it is, every directory would
 * get a ledger of its own, and oclif would load plugins from there or from below /tmp.
 */
function ignoreUselessHome() {
  if (process.env.HOME !== undefined && !isAbsolute(process.env.HOME)) delete process.env.HOME;
}

/**
 * As for the state: a relative XDG_DATA_HOME does not count, as its specification says, and a relative CANDLE_DATA_DIR
 * counts from here. Else every directory would have plugins of its own, a stranger's too.
 */
function resolveDataDirectory(currentDirectory) {
  const { env } = process;
  if (env.XDG_DATA_HOME && !isAbsolute(env.XDG_DATA_HOME)) delete env.XDG_DATA_HOME;
  if (env.CANDLE_DATA_DIR) env.CANDLE_DATA_DIR = resolve(currentDirectory, env.CANDLE_DATA_DIR);
}

/**
 * Who has no SHELL is looked up by oclif, which dies where the system does not know the user either: in a container
 * that is run with `--user`.
 */
function nameShellOfStranger() {
  if (process.env.SHELL) return;
  try {
    userInfo();
  } catch {
    process.env.SHELL = '/bin/sh';
  }
}

/** The current directory. Node and oclif stumble over one that is gone, so that one is left. */
function leaveDeletedDirectory() {
  try {
    return process.cwd();
  } catch {
    const name = deletedDirectory();
    process.chdir('/');
    return name;
  }
}

/** The path that the current directory had before it was deleted: Linux knows it, elsewhere the shell may. */
function deletedDirectory() {
  try {
    return readlinkSync('/proc/self/cwd').replace(/ \(deleted\)$/, '');
  } catch {
    return process.env.PWD || '/';
  }
}

/** oclif asks for the home directory while it is loaded; everything else that fails here is a broken installation. */
function failToLoad(error) {
  const isHomeless = error.info?.syscall === 'uv_os_homedir';
  const problem = isHomeless
    ? {
        code: 'STATE_HOME_UNKNOWN',
        message:
          'Candle does not know where to keep its state: HOME is not set, and the system knows none of this user',
        hint: 'Set HOME to a directory of your own',
      }
    : {
        code: 'INTERNAL',
        message: `Candle could not be loaded: ${String(error.message).split('\n')[0]}`,
        hint: 'Install it again. With --debug, this tells where it happened.',
      };
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { ...problem, details: {} } }, null, 2)}\n`);
  } else {
    process.stderr.write(`Error: ${problem.message}\n${problem.hint}\n`);
  }
  if (process.argv.includes('--debug')) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
