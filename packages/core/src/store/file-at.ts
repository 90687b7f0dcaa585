import { statSync } from 'node:fs';

/** Which file it is, whatever its content; its number is not used again while it is open. Undefined: there is none. */
export function fileAt(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
