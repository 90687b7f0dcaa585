import { statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type CandleError, printable } from '@candle/core/errors';
import { isDiskFull } from '@candle/core/system';
import type { ToolResult } from '@candle/supervisor';
import { PluginsDiskFullError } from '../directory/errors.ts';
import {
  PluginInstallFailedError,
  PluginNotFoundError,
  PluginVersionNotFoundError,
  RegistryRefusedError,
  RegistryUnreachableError,
} from './errors.ts';

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

/** Codes of failures of a registry or of the connection to it. Another attempt may succeed. */
const unreachable =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPIPE|ERR_SOCKET|EIDLETIMEOUT|ECONNECTIONTIMEOUT|ETRANSFERTIMEOUT|ERR_STREAM_PREMATURE_CLOSE|E429|E5\d\d|EINTEGRITY|TAR_|Z_|FETCH_ERROR|EPROTO|ERR_SSL|SELF_SIGNED|UNABLE_TO|CERT_|DEPTH_ZERO)/;

/** Translates the output of a failed `npm --json` to an error with one sentence and a hint. */
export function npmFailure(
  result: ToolResult,
  { name, tag = 'latest', isShort = false }: NpmRun['subject'],
  dataDir: string,
): CandleError {
  const { code, summary } = reportOf(result);
  const cause = new Error(result.stderr.trim() || summary);
  if (isDiskFull(code)) return new PluginsDiskFullError(dataDir, cause);
  // A 404 may also be about a dependency of the requested package.
  const isAbout = summary.replaceAll(/%2f/gi, '/').includes(`/${name} `);
  if (code === 'E404' && isAbout) return new PluginNotFoundError(name, isShort);
  if (code === 'ETARGET' || code === 'ENOVERSIONS') return new PluginVersionNotFoundError(name, tag);
  if (unreachable.test(code) || /premature close|aborted|could not resolve host|unable to access/i.test(summary)) {
    return new RegistryUnreachableError(name, summary);
  }
  if (/^E(401|403|NEEDAUTH|OTP)/.test(code)) return new RegistryRefusedError(name, summary);
  return new PluginInstallFailedError(name, summary, cause);
}

function reportOf({ stdout, stderr, exitCode }: ToolResult): { code: string; summary: string } {
  try {
    const { error } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    const [summaries, details] = [error.summary, error.detail].map(linesOf);
    const line = /unknown git error/.test(summaries?.[0] ?? '') ? findGitError(details ?? []) : summaries?.[0];
    const summary = (line || details?.[0] || 'npm gave no reason').replace(/^(\w*Error|fatal): /, '');
    return { code: String(error.code), summary: printable(summary) };
  } catch {
    const last = linesOf(stderr)
      .at(-1)
      ?.replace(/^npm error /, '');
    const end = exitCode === undefined ? 'npm was killed by a signal' : `npm exited with code ${exitCode}`;
    return { code: '', summary: (last && printable(last)) || end };
  }
}

/** git prints advice after the line with the fatal error. */
function findGitError(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1);
}

function linesOf(text: unknown): string[] {
  return String(text ?? '')
    .trim()
    .split('\n');
}

/** With less free space, the last file that was written may be truncated. */
const minFreeBytes = 256 * 1024;

/**
 * Whether a directory is on a full file system. npm does not report this: when it unpacks a tarball, it skips files that it
 * cannot write, and may still report success.
 */
function isFileSystemFull(dir: string): boolean {
  const { bavail, bsize } = statfsSync(dir);
  return bavail * bsize < minFreeBytes;
}
