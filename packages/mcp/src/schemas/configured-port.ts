import { z } from 'zod';

/** Clients see these limits, but the use cases check them, so that errors read the same everywhere. */
export const configuredPort = z.union(
  [z.literal('auto'), z.number().meta({ type: 'integer', minimum: 1024, maximum: 65535 })],
  { error: 'port must be "auto" or a number' },
);
