import { z } from 'zod';

/** Told to clients, but checked by the use cases, so that a bad one gets the same sentence everywhere. */
export const configuredPort = z.union(
  [z.literal('auto'), z.number().meta({ type: 'integer', minimum: 1024, maximum: 65535 })],
  { error: 'port must be "auto" or a number' },
);
