import { defaultWaitMs } from '@candle/core';
import { z } from 'zod';

/** A day: longer than any client waits for a result. */
const maxSeconds = 86_400;
const defaultTimeout = defaultWaitMs / 1000;

function seconds(field: string) {
  return z
    .number()
    .min(0, `${field} must not be negative`)
    .max(maxSeconds, `${field} must be at most ${maxSeconds} (one day)`);
}

/** Timeout of a tool that only waits. */
export const timeout = seconds('timeout')
  .default(defaultTimeout)
  .describe(
    `Maximum number of seconds to wait (default ${defaultTimeout}). Some clients give up on a call after a minute: in that case, call again.`,
  );

/** How long a tool that starts services waits until they are ready. */
export const wait = seconds('wait')
  .optional()
  .describe(
    'Seconds to wait until the service is ready. If it is not ready by then, the call fails, but the service keeps running. If omitted, the call waits a few seconds, and ready in the result shows whether the service is ready.',
  );
