import { z } from 'zod';
import { portOwner } from './reserved-port.ts';

/** Port check of a running service that has a reserved port. */
export const portCheck = z
  .object({
    status: z
      .enum(['ok', 'wrong-port', 'not-listening', 'conflict'])
      .describe(
        'ok: it listens on its reserved port. wrong-port: it listens only on other ports. not-listening: it does not listen on any port yet. conflict: another process listens on the reserved port.',
      ),
    listensOn: z
      .array(z.int())
      .describe('The reserved port if the service listens on it, otherwise the ports that it listens on instead.'),
    owner: portOwner.nullable().describe('The other process that listens on the reserved port.'),
    fix: z.string().nullable().describe('How to fix it; null if nothing is wrong.'),
  })
  .nullable();
