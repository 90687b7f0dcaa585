import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isFileSystemFull } from '../directory/full-disk.ts';
import { PluginsDiskFullError } from '../errors.ts';
import { npmFailure } from './npm-failure.ts';

/** Settings for npm in addition to the user's own. */
export interface NpmSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly registry: string | undefined;
  /** Called once if npm takes long. */
  readonly onSlow: () => void;
}

export interface NpmRun {
  readonly dir: string;
  /** The package for the error message. */
  readonly subject: { readonly name: string; readonly tag?: string; readonly isShort?: boolean };
}

/**
 * Short timeouts, because a user is waiting. An unreachable registry is reported after seconds, and one that does not answer
 * after twice `fetch-timeout`. The defaults of npm take minutes.
 */
const timeoutFlags = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=2000',
  '--fetch-timeout=20000',
];

/** After this time the user is told what the command is waiting for. */
const slowMs = 5_000;
/** A plugin that compiles code may take minutes. npm itself never gives up on a very slow registry. */
const maxRunMs = 10 * 60_000;

/** Overrides of the user's settings, which may be meant for a project or for global packages. */
const fixedFlags = [
  '--json',
  '--loglevel=error',
  '--no-audit',
  '--no-fund',
  '--no-update-notifier',
  '--no-progress',
  '--location=project',
  '--omit=dev',
  '--prefer-online',
  '--package-lock=true',
  '--save=true',
  '--dry-run=false',
  '--no-workspaces',
];

/**
 * Runs the npm that comes with Candle, regardless of PATH.
 * @throws a CandleError with the problem that npm reports
 */
export async function runNpm(
  args: readonly string[],
  { dir, subject }: NpmRun,
  { env, registry, onSlow }: NpmSettings,
): Promise<void> {
  const { runTool } = await import('@candle/supervisor');
  const npm = join(dirname(createRequire(import.meta.url).resolve('npm/package.json')), 'bin', 'npm-cli.js');
  const [command = '', ...rest] = args;
  const settings = [
    ...fixedFlags,
    ...timeoutFlags,
    `--prefix=${dir}`,
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
  ];
  const slow = setTimeout(onSlow, slowMs);
  const result = await runTool({
    file: process.execPath,
    args: [npm, command, ...settings, '--', ...rest],
    cwd: dir,
    env,
    timeoutMs: maxRunMs,
  }).finally(() => clearTimeout(slow));
  if (command === 'install' && isFileSystemFull(dir)) throw new PluginsDiskFullError(dirname(dirname(dir)), undefined);
  if (result.exitCode !== 0) throw npmFailure(result, subject, dirname(dirname(dir)));
}
