import { z } from 'zod';
import { isoTime } from './iso-time.ts';

export const port = z.int().min(1).max(65535);

export const reservedPort = z.object({
  port,
  serviceName: z.string().nullable().describe('Null for a port that is reserved for the project itself.'),
  projectDir: z.string().describe('Real path of the project.'),
});

/** A port that was just requested. */
export const claimedPort = reservedPort.extend({
  fallback: z
    .object({ preferred: port, reason: z.enum(['reserved', 'in-use', 'excluded']) })
    .optional()
    .describe(
      'Only present if a port other than the one preferred in the configuration was reserved. WhoHasPort shows who uses or has reserved the preferred port.',
    ),
});

/** A port number in a call. The use cases check it, so that errors read the same everywhere. */
export const portInput = (description: string) =>
  z.number().meta({ description, type: 'integer', minimum: 1, maximum: 65535 });

/** Fields that describe a project's directory. */
export const projectContext = {
  projectDir: z.string().describe('Real path of the project.'),
  branch: z.string().nullable().describe('Checked-out branch, or a short commit hash; null outside a Git repository.'),
  directoryGone: z.boolean(),
};

export const portOwner = z.object({
  pid: z.int().nullable().describe('For processes of other users, often only the user is known.'),
  command: z.string().nullable().describe('Short name of the program.'),
  commandLine: z.string().nullable().describe('The program and its arguments.'),
  cwd: z.string().nullable(),
  cwdGone: z.boolean().describe('True if its working directory was deleted.'),
  startedAt: isoTime.nullable(),
  uid: z.int().nullable(),
  user: z.string().nullable(),
  addresses: z.array(z.string()).describe('0.0.0.0 and :: mean all addresses of their family.'),
  service: z
    .object({ name: z.string(), ...projectContext, runId: z.string() })
    .nullable()
    .describe('Null if the process does not belong to a Candle service.'),
});
