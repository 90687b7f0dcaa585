import { parseDurationFlag, parseDurationMs } from '@candle/core';
import { Flags } from '@oclif/core';

const name = '--wait';
const defaultValue = '30';

export const waitFlag = {
  wait: Flags.string({
    helpValue: '30',
    summary: 'Wait until ready (default 30 s); exit 1 on timeout.',
  }),
};

/** oclif does not support flags with an optional value, so `--wait` without a duration after it gets the default. */
export function withWaitValues(argv: readonly string[]): string[] {
  const dashes = argv.includes('--') ? argv.indexOf('--') : argv.length;
  return argv.flatMap((word, at) => {
    if (word !== name || at > dashes) return [word];
    const next = argv[at + 1];
    return next !== undefined && parseDurationMs(next) !== undefined ? [word] : [`${name}=${defaultValue}`];
  });
}

/** Undefined without `--wait`. */
export function parseWait({ wait }: { wait?: string | undefined }): number | undefined {
  return wait === undefined ? undefined : parseDurationFlag(wait, name);
}
