import { fileURLToPath } from 'node:url';

/** Returns the shell command that runs a program in ../fixtures. */
export function fixture(name: string, ...args: readonly (string | number)[]): string {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  return [process.execPath, path, ...args].map((word) => `'${word}'`).join(' ');
}
