import { defaultWaitMs, parseDurationFlag, parseDurationMs } from '@candle/core';
import { Flags } from '@oclif/core';

const name = '--wait';
const defaultValue = String(defaultWaitMs / 1000);

export const waitFlag = {
  wait: Flags.string({
    helpValue: 'SECONDS',
    summary: `Wait until ready; exit 1 on timeout. SECONDS is ${defaultValue} if omitted; it can also be a duration with a unit (500ms, 5m, 2h).`,
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
