import { printable, showPath } from '@candle/core';
import type { Variable, VariableSource } from '@candle/supervisor';

/** One variable per line, with the source of its value. Control characters are shown as `\uXXXX`. */
export function renderExplained(variables: readonly Variable[], projectDir: string): string {
  const rows = variables.map(({ name, value, source }) => ({
    from: describeSource(source, projectDir),
    text: printable(`${name}=${value}`),
  }));
  const width = Math.max(0, ...rows.map(({ from }) => from.length));
  return rows.map(({ from, text }) => `${from.padEnd(width)}  ${text}`).join('\n');
}

function describeSource(source: VariableSource, projectDir: string): string {
  switch (source.kind) {
    case 'default':
      return 'default';
    case 'caller':
      return 'caller';
    case 'color':
      return '"color"';
    case 'reservation':
      return `port of '${printable(source.serviceName)}'`;
    case 'envFile':
      return showPath(
        source.path.startsWith(`${projectDir}/`) ? source.path.slice(projectDir.length + 1) : source.path,
      );
    case 'env':
      return '"env"';
    case 'portEnv':
      return 'reserved port';
    case 'candle':
      return 'candle';
  }
}
