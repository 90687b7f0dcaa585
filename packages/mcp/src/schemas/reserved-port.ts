import { z } from 'zod';
import { isoTime } from './iso-time.ts';

export const port = z.int().min(1).max(65535);

export const reservedPort = z.object({
  port,
  serviceName: z.string().nullable().describe('Null for a port of the project itself.'),
  projectDir: z.string().describe('Real path of the project.'),
});

/** One that was asked for just now. */
export const claimedPort = reservedPort.extend({
  fallback: z
    .object({ preferred: port, reason: z.enum(['reserved', 'in-use', 'excluded']) })
    .optional()
    .describe(
      'Only when another number than the one that the configuration prefers was given. WhoHasPort tells who has that.',
    ),
});

/** A number that a call names; checked by the use cases, so that a bad one gets the same sentence everywhere. */
export const askedPort = (description: string) =>
  z.number().meta({ description, type: 'integer', minimum: 1, maximum: 65535 });

/** Where a project stands. */
export const place = {
  projectDir: z.string().describe('Real path of the project.'),
  branch: z
    .string()
    .nullable()
    .describe('What is checked out there: a branch, or a short commit; null outside of git.'),
  directoryGone: z.boolean(),
};

export const portOwner = z.object({
  pid: z.int().nullable().describe('Of processes of other users often only the user is known.'),
  command: z.string().nullable().describe('Short name.'),
  commandLine: z.string().nullable().describe('The program and its arguments.'),
  cwd: z.string().nullable(),
  cwdGone: z.boolean().describe('Its working directory was deleted.'),
  startedAt: isoTime.nullable(),
  uid: z.int().nullable(),
  user: z.string().nullable(),
  addresses: z.array(z.string()).describe('0.0.0.0 and :: stand for all of their family.'),
  service: z
    .object({ name: z.string(), ...place, runId: z.string() })
    .nullable()
    .describe('Null: it belongs to no service of Candle.'),
});
