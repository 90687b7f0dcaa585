import { type CandleError, printable } from '@candle/core';
import type { ToolResult } from '@candle/supervisor';
import {
  PluginInstallFailedError,
  PluginNotFoundError,
  PluginsDiskFullError,
  PluginVersionNotFoundError,
  RegistryRefusedError,
  RegistryUnreachableError,
} from '../errors.ts';
import type { NpmRun } from './run-npm.ts';

/** The reasons for which a registry, or the way to it, is at fault; another try may do. */
const unreachable =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPIPE|ERR_SOCKET|EIDLETIMEOUT|ECONNECTIONTIMEOUT|ETRANSFERTIMEOUT|ERR_STREAM_PREMATURE_CLOSE|E429|E5\d\d|EINTEGRITY|TAR_|Z_|FETCH_ERROR|EPROTO|ERR_SSL|SELF_SIGNED|UNABLE_TO|CERT_|DEPTH_ZERO)/;

/** What npm says with `--json` when it fails, as one sentence and what to do. */
export function npmFailure(
  result: ToolResult,
  { name, tag = 'latest', isShort = false }: NpmRun['subject'],
  dataDir: string,
): CandleError {
  const { code, summary } = reportOf(result);
  const cause = new Error(result.stderr.trim() || summary);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new PluginsDiskFullError(dataDir, cause);
  // A 404 may be about a dependency of what was asked for.
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
    const said = /unknown git error/.test(summaries?.[0] ?? '') ? gitSaid(details ?? []) : summaries?.[0];
    const summary = (said || details?.[0] || 'npm does not say why').replace(/^(\w*Error|fatal): /, '');
    return { code: String(error.code), summary: printable(summary) };
  } catch {
    const last = linesOf(stderr)
      .at(-1)
      ?.replace(/^npm error /, '');
    return { code: '', summary: (last && printable(last)) || `npm ended with ${exitCode ?? 'a signal'}` };
  }
}

/** git goes on with advice after what was fatal. */
function gitSaid(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1);
}

function linesOf(text: unknown): string[] {
  return String(text ?? '')
    .trim()
    .split('\n');
}
