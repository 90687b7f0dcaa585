import { readFileSync } from 'node:fs';

/**
 * The major version of this package, which is the version of the API between plugins and the candle CLI. A plugin works
 * with every candle that has the same API version. 0 counts as a major version like any other.
 */
export const apiVersion: number = 0;

/** The full version of this package, for messages. Read on demand, because it is rarely needed. */
export function kitVersion(): string {
  const packageFile = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version;
}
