import { fileURLToPath } from 'node:url';
import { openSandbox, type Sandbox } from '@candle/test-kit';
import { onTestFinished } from 'vitest';

/** The bin as it is built; a test never sees the sources. */
export const bin = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));

/** A sandbox that is closed, and checked for processes left behind, when the test is over. */
export function sandbox(options: { config?: unknown } = {}): Sandbox {
  const opened = openSandbox({ bin, ...options });
  onTestFinished(() => opened.close());
  return opened;
}
