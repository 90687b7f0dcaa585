import { z } from 'zod';

/** A day: longer than any client waits for an answer. */
const maxSeconds = 86_400;
const usualTimeout = 30;

function seconds(field: string) {
  return z
    .number()
    .min(0, `${field} must not be negative`)
    .max(maxSeconds, `${field} must be at most ${maxSeconds}, which is a day`);
}

/** How long a tool waits that does nothing else. */
export const timeout = seconds('timeout')
  .default(usualTimeout)
  .describe(
    `Seconds to wait at most; ${usualTimeout} when left out. Some clients give up on a call after a minute: then call again.`,
  );

/** How long a tool that starts something waits until it is ready. */
export const wait = seconds('wait')
  .optional()
  .describe(
    'Seconds to wait until it is ready, and to fail when it is not by then; it goes on running. Left out, some seconds are waited, and ready says what came of it.',
  );
