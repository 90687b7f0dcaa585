import { defaultWaitMs, parseDurationFlag, parseDurationMs } from '@candle/core/config';
import { Args, Flags } from '@oclif/core';

/** The argument `[names…]` of the commands on services. */
export const serviceNames = (description: string) => ({
  names: Args.string({ multiple: true, ignoreStdin: true, description }),
});

/** Base flags of the commands for all projects: `--project` is hidden, and is rejected with a reason. */
export const allProjectsFlags = { project: Flags.string({ hidden: true }) };

/** Base flags of the commands that also work for a project whose directory was deleted. */
export const deletedProjectFlags = {
  project: Flags.string({
    helpValue: 'DIR',
    summary: 'Project directory (default: the project of the current directory). A deleted directory works too.',
  }),
};

const waitName = '--wait';
const defaultWait = String(defaultWaitMs / 1000);

/** Flag of the commands that start services. */
export const setupFlag = {
  'no-setup': Flags.boolean({ summary: 'Do not run the setup of the project first.' }),
};

/** Flag of the commands that show or open a URL. */
export const namedFlag = {
  named: Flags.boolean({
    summary:
      'Use a separate host name, such as web.fix-login.shop.localhost, instead of localhost: browsers keep the cookies of each host apart.',
  }),
};

export const waitFlag = {
  wait: Flags.string({
    helpValue: 'SECONDS',
    summary: `Wait until ready; exit 1 on timeout. SECONDS is ${defaultWait} if omitted; it can also be a duration with a unit (500ms, 5m, 2h).`,
  }),
};

/**
 * oclif does not support flags with an optional value, so `--wait` without a duration after it gets the default. A command
 * with this flag parses the returned words.
 */
export function withWaitValues(argv: readonly string[]): string[] {
  const dashes = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.flatMap((word, at) => {
    if (word !== waitName || at > dashes) return [word];
    const next = argv[at + 1];
    return next !== undefined && parseDurationMs(next) !== undefined ? [word] : [`${waitName}=${defaultWait}`];
  });
}

/** Undefined without `--wait`. */
export function parseWait({ wait }: { wait?: string | undefined }): number | undefined {
  return wait === undefined ? undefined : parseDurationFlag(wait, waitName);
}
