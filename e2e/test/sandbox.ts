import { fileURLToPath } from 'node:url';
import { openSandbox, type Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';

/** The built `bin` script: tests never run the sources. */
export const bin = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));

const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** Opens a sandbox. When the test finishes, the sandbox is closed and checked for processes left behind. */
export function sandbox(options: { config?: unknown } = {}): Sandbox {
  const opened = openSandbox({ bin, compiled, ...options });
  onTestFinished(() => opened.close());
  return opened;
}
