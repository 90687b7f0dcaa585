import { renderHint } from '@candle/core';
import type { CheckedThing } from '@candle/supervisor';

/** One line per check, with the hint below it. */
export function renderChecks(checks: readonly CheckedThing[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, status, message, hint }) => {
      const line = `${status.padEnd('warning'.length)}  ${name.padEnd(width)}  ${message}`;
      const indent = ' '.repeat('warning'.length + 2 + width + 2);
      return hint === undefined ? line : `${line}\n${renderHint(hint).replaceAll(/^/gm, `${indent}-> `)}`;
    })
    .join('\n');
}
