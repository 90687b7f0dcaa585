import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { getCliRoot, getPluginRoot } from './author/find-package.ts';

export interface SandboxOptions {
  /** Directory of the plugin. Default: the package of the current directory. */
  readonly plugin?: string | undefined;
  /** Content of the project's `.candle.json`. If omitted, the file is not created. */
  readonly config?: unknown;
}

/**
 * An isolated environment for a test: a home, a state directory and one project in a temporary directory, with the
 * plugin linked.
 */
export interface PluginSandbox extends AsyncDisposable {
  /** Contains the other directories. All paths are absolute. */
  readonly root: string;
  readonly home: string;
  /** A new project directory; commands run here by default. */
  readonly projectDir: string;
  /** Runs the built `candle` with only PATH from the test's environment: `run(['hosts', '--json'])`. */
  run(args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Writes a file in the project, creating directories as needed, and returns its path. */
  writeFile(path: string, text: string): string;
  /** Stops every service that was started here and removes the directory. `await using` calls it automatically. */
  close(): Promise<void>;
}

/** A process that is being killed may still write into the directory while it is removed, so the removal is retried. */
const removal = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/**
 * Opens a sandbox with the plugin linked into the `@candle/cli` that the plugin is developed with. Build the plugin
 * first: the sandbox uses the built files, like users do. Must be closed at the end of the test.
 * @throws if the plugin cannot be linked
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
    // The directory of this Node comes first, so that services use it too.
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    HOME: home,
    TMPDIR: tmp,
    CANDLE_STATE_DIR: join(root, 'state'),
  };
  const run: PluginSandbox['run'] = (args, options = {}) =>
    runScript(cli, args, { cwd: options.cwd ?? projectDir, env: { ...env, ...options.env }, input: options.input });
  const close = async () => {
    await run(['kill-all'], { cwd: root });
    // The background process exits when its state directory no longer exists.
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
  if (exitCode !== 0) throw new Error(`Could not link the plugin in ${pluginRoot}:\n${stdout}${stderr}`);
}

function binOf(cliRoot: string): string {
  const { bin } = JSON.parse(readFileSync(join(cliRoot, 'package.json'), 'utf8'));
  return join(cliRoot, bin.candle);
}

/** The result of a command. A non-zero exit code does not throw: the test checks it. */
export class CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** 0 on success, 1 on any error, 128 plus the signal number if it was ended by a signal. */
  readonly exitCode: number;

  /** @internal */
  constructor({ stdout, stderr, exitCode }: { stdout: string; stderr: string; exitCode: number }) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.exitCode = exitCode;
  }

  /** stdout, parsed as JSON. @throws if it is not JSON, with the whole output in the message */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on the shape themselves
  get json(): any {
    try {
      return JSON.parse(this.stdout);
    } catch (error) {
      const printed = `exit code ${this.exitCode}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`;
      throw new Error(`The command did not print JSON: ${printed}`, { cause: error });
    }
  }
}

export interface RunOptions {
  /** Absolute path. Default: the project of the sandbox. */
  readonly cwd?: string | undefined;
  /** Added to the environment of the sandbox. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Written to stdin, which is then closed. If omitted, stdin is empty. */
  readonly input?: string | undefined;
}

/** Runs a Node script until it exits. */
function runScript(
  script: string,
  args: readonly string[],
  { cwd, env, input }: { cwd: string; env: Readonly<Record<string, string>>; input?: string | undefined },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: 'pipe' });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      resolve(new CommandResult({ ...output, exitCode }));
    });
    // A command may exit without reading its stdin.
    child.stdin.on('error', () => undefined).end(input);
  });
}
