// Prepares the process before any code of Candle or oclif is loaded.
// An `import` would read all exports of these modules, some of which load further modules.
const { existsSync, mkdirSync, readlinkSync } = process.getBuiltinModule('node:fs');
const { createRequire, enableCompileCache } = process.getBuiltinModule('node:module');
const { userInfo } = process.getBuiltinModule('node:os');
const { dirname, isAbsolute, resolve } = process.getBuiltinModule('node:path');

const require = createRequire(import.meta.url);
/** Where the built package is, and how to load its two programs. */
const built = {
  packageRoot: dirname(import.meta.dirname),
  load: () => require('../dist/main.cjs'),
  loadQuick: () => require('../dist/quick/quick.cjs'),
};

/** Runs the command line of this process. `prepare` returns the package that runs it; by default, the built one. */
export async function start(prepare = () => built) {
  const currentDirectory = enterExistingDirectory();
  ignoreUnusableHome();
  resolveDataDirectory(currentDirectory);
  setMissingShell();
  // Otherwise oclif looks for TypeScript sources if NODE_ENV is "development", and prints a warning for each linked plugin.
  globalThis.oclif = { ...globalThis.oclif, enableAutoTranspile: false };
  cacheCompiledCode();
  const { packageRoot, load, loadQuick } = await prepare();
  const argv = process.argv.slice(2);
  if (isQuick(argv)) {
    const { answerQuickly } = await orFail(loadQuick);
    if (await answerQuickly(argv, currentDirectory, packageRoot)) return;
  }
  const { runCli } = await orFail(load);
  await runCli(argv, currentDirectory, packageRoot);
}

async function orFail(load) {
  try {
    return await load();
  } catch (error) {
    return failToLoad(error);
  }
}

/**
 * Whether the line may be answered without oclif and the commands: `candle help`, `candle --version`, and what shells call when
 * Tab is pressed.
 */
function isQuick(argv) {
  const isHelpOrVersion = argv.length === 1 && ['help', '--help', '-h', '--version', '-v'].includes(argv[0]);
  return isHelpOrVersion || argv.slice(0, 3).join(' ') === 'completion complete --';
}

/**
 * Caches compiled code, so that not every command compiles half a megabyte of oclif. The cache is in the user's own cache
 * directory: the default of Node.js is below /tmp, where another user could plant code. Node.js would create the directory
 * too, but never return if a parent cannot contain directories, as below /proc.
 */
function cacheCompiledCode() {
  const cacheHome = process.env.XDG_CACHE_HOME || (process.env.HOME ? `${process.env.HOME}/.cache` : '');
  const directory = `${cacheHome}/candle/compiled`;
  if (!isAbsolute(cacheHome)) return;
  try {
    const missing = [cacheHome, dirname(directory), directory].filter((path) => !existsSync(path));
    for (const path of missing) mkdirSync(path);
  } catch {
    return; // Candle works without the cache.
  }
  enableCompileCache(directory);
}

/**
 * Unsets an empty or relative HOME, so that Node.js asks the system instead. Otherwise every current directory would have
 * its own database, and oclif would load plugins from there or from below /tmp.
 */
function ignoreUnusableHome() {
  if (process.env.HOME !== undefined && !isAbsolute(process.env.HOME)) delete process.env.HOME;
}

/**
 * Applies the same rules as for the state directory: a relative XDG_DATA_HOME is ignored, as its specification demands, and a
 * relative CANDLE_DATA_DIR is resolved here. Otherwise plugins of a stranger could be loaded from the current directory.
 */
function resolveDataDirectory(currentDirectory) {
  const { env } = process;
  if (env.XDG_DATA_HOME && !isAbsolute(env.XDG_DATA_HOME)) delete env.XDG_DATA_HOME;
  if (env.CANDLE_DATA_DIR) env.CANDLE_DATA_DIR = resolve(currentDirectory, env.CANDLE_DATA_DIR);
}

/**
 * Without SHELL, oclif asks the system for the user's shell, and crashes if the system does not know the user: for example
 * in a container that runs with `--user`.
 */
function setMissingShell() {
  if (process.env.SHELL) return;
  try {
    userInfo();
  } catch {
    process.env.SHELL = '/bin/sh';
  }
}

/** Returns the current directory. If it was deleted, changes to `/`, because Node.js and oclif fail in a deleted directory. */
function enterExistingDirectory() {
  try {
    return process.cwd();
  } catch {
    const path = deletedDirectory();
    process.chdir('/');
    return path;
  }
}

/** The former path of the deleted current directory: from the kernel on Linux, from the shell on other systems. */
function deletedDirectory() {
  try {
    return readlinkSync('/proc/self/cwd').replace(/ \(deleted\)$/, '');
  } catch {
    return process.env.PWD || '/';
  }
}

/** Nothing of Candle is loaded yet, so its errors for the same causes are not either. */
function loadProblem(error) {
  // oclif needs the home directory while it loads.
  if (error.info?.syscall === 'uv_os_homedir') {
    return {
      code: 'STATE_HOME_UNKNOWN',
      message:
        'Candle does not know where to keep its state: HOME is not set, and the system has no home directory for this user',
      hint: 'Set HOME to a directory that you own',
    };
  }
  const message = `Candle could not be loaded: ${String(error.message).split('\n')[0]}`;
  if (/too many open files/i.test(message)) {
    const hint = 'To raise the limit of this shell: ulimit -n 1024';
    return { code: 'SYSTEM_TOO_MANY_OPEN_FILES', message, hint };
  }
  // The installation is broken.
  const hint = 'Install Candle again. To see where it failed, run the command again with --debug.';
  return { code: 'INTERNAL', message, hint };
}

function failToLoad(error) {
  const problem = loadProblem(error);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { ...problem, details: {} } }, null, 2)}\n`);
  } else {
    process.stderr.write(`Error: ${problem.message}\n${problem.hint}\n`);
  }
  if (process.argv.includes('--debug')) process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
