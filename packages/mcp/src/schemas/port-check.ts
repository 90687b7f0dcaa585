import { z } from 'zod';
import { portOwner } from './reserved-port.ts';

/** Of a service that runs and has a reserved port. */
export const portCheck = z
  .object({
    status: z
      .enum(['ok', 'wrong-port', 'not-listening', 'conflict'])
      .describe(
        'honoured: it listens on its reserved port. elsewhere: on other ports only. silent: on nothing yet. held: somebody else listens on the reserved port.',
      ),
    listensOn: z
      .array(z.int())
      .describe('The reserved port when it has it, else what its processes listen on instead.'),
    owner: portOwner.nullable().describe('Who else listens on the reserved port.'),
    fix: z.string().nullable().describe('What to do about it; null when it is fine.'),
  })
  .nullable();
