import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isDiskFull } from '../directory/full-disk.ts';
import { PluginsDiskFullError } from '../errors.ts';
import { npmFailure } from './npm-failure.ts';

/** What npm is to use beside its own settings. */
export interface NpmSettings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly registry: string | undefined;
  /** Told once when npm takes long. */
  readonly onSlow: () => void;
}

export interface NpmRun {
  readonly dir: string;
  /** What it is about, for the sentence when it fails. */
  readonly subject: { readonly name: string; readonly tag?: string; readonly isShort?: boolean };
}

/**
 * For people who wait: a registry that is away is told after seconds, one that is there and silent after two times
 * `fetch-timeout`. npm's own figures make it minutes.
 */
const timeout = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=2000',
  '--fetch-timeout=20000',
];

/** Who waits longer than this wonders why. */
const slowMs = 5_000;
/** A plugin that compiles something may take minutes; a registry that drips is never given up by npm itself. */
const maxMs = 10 * 60_000;

/** Beyond the user's settings, which may be meant for a project or for global packages. */
const fixed = [
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
 * Runs the npm that comes with Candle, whatever is on PATH.
 * @throws what npm says, as one sentence
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
    ...fixed,
    ...timeout,
    `--prefix=${dir}`,
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
  ];
  const slow = setTimeout(onSlow, slowMs);
  const result = await runTool({
    file: process.execPath,
    args: [npm, command, ...settings, '--', ...rest],
    cwd: dir,
    env,
    timeoutMs: maxMs,
  }).finally(() => clearTimeout(slow));
  if (command === 'install' && isDiskFull(dir)) throw new PluginsDiskFullError(dirname(dirname(dir)), undefined);
  if (result.exitCode !== 0) throw npmFailure(result, subject, dirname(dirname(dir)));
}
