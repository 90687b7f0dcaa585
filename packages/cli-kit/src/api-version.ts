import { readFileSync } from 'node:fs';

/**
 * The major version of this package, which is the version of what a plugin and the candle CLI say to each other: a plugin
 * works in every candle that has the same one. 0 counts as a major like any other.
 */
export const apiVersion: number = 0;

/** The whole version of this package, for sentences. Read when it is needed, which is hardly ever. */
export function kitVersion(): string {
  const packageFile = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}
