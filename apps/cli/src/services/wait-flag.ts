import { parseDurationFlag, parseDurationMs } from '@candle/core';
import { Flags } from '@oclif/core';

const name = '--wait';
const usual = '30';

export const waitFlag = {
  wait: Flags.string({
    helpValue: '30',
    summary: 'Wait until it is ready, 30 seconds or as long as is said; exit 1 when it is not by then.',
  }),
};

/** oclif knows no flag that may stand without its value: one that no duration follows gets the usual one. */
export function withWaitValues(argv: readonly string[]): string[] {
  const dashes = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.flatMap((word, at) => {
    if (word !== name || at > dashes) return [word];
    const next = argv[at + 1];
    return next !== undefined && parseDurationMs(next) !== undefined ? [word] : [`${name}=${usual}`];
  });
}

/** Undefined when nobody asked to wait. */
export function parseWait({ wait }: { wait?: string | undefined }): number | undefined {
  return wait === undefined ? undefined : parseDurationFlag(wait, name);
}
