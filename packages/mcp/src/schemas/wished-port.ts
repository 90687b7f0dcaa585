import type { PortWish } from '@candle/core';
import { z } from 'zod';

/** What a service without a reservation would like to have. */
export const wishedPort = z
  .union([z.literal('auto'), z.int().min(1024).max(65535)])
  .describe(
    'Port to reserve for it, if it has none: "auto" for any, or a number; when that is not to be had, the next free one behind it.',
  );

export function wishOf(port: z.infer<typeof wishedPort> | undefined): PortWish | undefined {
  if (port === undefined) return undefined;
  return port === 'auto' ? { kind: 'auto' } : { kind: 'preferred', port };
}
