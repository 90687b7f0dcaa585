import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { getCliRoot, getPluginRoot } from '../author/find-package.ts';
import { type CommandResult, type RunOptions, runScript } from './run-candle.ts';

export interface SandboxOptions {
  /** Directory of the plugin; the package of the current directory when left out. */
  readonly plugin?: string | undefined;
  /** What `.candle.json` of the project says; without it there is none. */
  readonly config?: unknown;
}

/** A world of its own for a test: a home, a state and one project, in a temporary directory, and the plugin linked. */
export interface PluginSandbox extends AsyncDisposable {
  /** Absolute, as all of these. Holds the others. */
  readonly root: string;
  readonly home: string;
  /** A new one, where commands run unless they are told otherwise. */
  readonly projectDir: string;
  /** Runs the built `candle`, with nothing of the test's own environment but PATH: `run(['hosts', '--json'])`. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Writes a file of the project, its directories too, and returns its path. */
  writeFile(path: string, text: string): string;
  /** Stops every service that was started here, and removes the directory. `await using` does it by itself. */
  close(): Promise<void>;
}

/** The directory of a killed process may come to hold something while it is removed: it is then tried again. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/**
 * Opens a sandbox with the plugin linked into the `@candle/cli` that the plugin is developed with. Build the plugin first:
 * what is linked is what users get. To be closed when the test is over.
 * @throws when the plugin cannot be linked
 */
export async function openSandbox({ plugin, config }: SandboxOptions = {}): Promise<PluginSandbox> {
  const pluginRoot = plugin === undefined ? getPluginRoot(process.cwd()) : resolve(plugin);
  const cli = binOf(getCliRoot(pluginRoot));
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'candle-plugin-')));
  const home = join(root, 'home');
  const projectDir = join(root, 'project');
  const tmp = join(root, 'tmp');
  for (const dir of [home, projectDir, tmp]) mkdirSync(dir);
  const env = {
    // The directory of this Node first, so that services run on it too.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: tmp,
    CANDLE_STATE_DIR: join(root, 'state'),
  };
  const run: PluginSandbox['run'] = (args, options = {}) =>
    runScript(cli, args, { cwd: options.cwd ?? projectDir, env: { ...env, ...options.env }, input: options.input });
  const close = async () => {
    await run(['kill-all'], { cwd: root });
    // The background process of a state directory that is gone leaves.
    rmSync(root, removal);
  };
  const writeFile = (path: string, text: string) => {
    const absolute = join(projectDir, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
    return absolute;
  };
  if (config !== undefined) writeFile('.candle.json', JSON.stringify(config, null, 2));
  await link(run, pluginRoot).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { root, home, projectDir, run, writeFile, close, [Symbol.asyncDispose]: close };
}

async function link(run: PluginSandbox['run'], pluginRoot: string): Promise<void> {
  const { exitCode, stdout, stderr } = await run(['plugins', 'link', pluginRoot, '--no-install']);
  if (exitCode !== 0) throw new Error(`The plugin in ${pluginRoot} could not be linked:\n${stdout}${stderr}`);
}

function binOf(cliRoot: string): string {
  const { bin } = JSON.parse(readFileSync(join(cliRoot, 'package.json'), 'utf8'));
  return join(cliRoot, bin.candle);
}
