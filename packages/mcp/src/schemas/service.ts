import { z } from 'zod';
import { isoTime } from './iso-time.ts';
import { portCheck } from './port-check.ts';
import { port } from './reserved-port.ts';

/** What every document of a service has. */
export const serviceKey = { name: z.string(), projectDir: z.string() };

/** As `.candle.json` has them; checked by the use cases, so that a bad one gets the same sentence everywhere. */
export const serviceShell = z.string().describe('Command line that starts it; it finds its port in PORT.');
export const serviceRoot = z.string().describe('Directory to start it in, relative to the project and inside it.');

/** A service did not get the port that it prefers. */
export const fallbackPort = z.object({
  name: z.string(),
  preferred: port,
  port: port.describe('What it has now.'),
  reason: z
    .enum(['reserved', 'in-use', 'excluded', 'kept'])
    .describe('kept: it had this reservation already; release it first to get another.'),
  reservedBy: z
    .object({ serviceName: z.string().nullable(), projectDir: z.string() })
    .nullable()
    .describe('Whose the preferred port is, when it is reserved.'),
});

/** What became of the project's ports before anything was started. */
const portChanges = {
  fallbacks: z.array(fallbackPort).describe('Services that did not get the port that they prefer.'),
  moved: z.array(z.object({ name: z.string(), from: port, to: port })),
  outdated: z
    .array(z.object({ name: z.string(), runId: z.string(), ports: z.array(port) }))
    .describe('Services that still run with a port in their environment that was moved: restart them.'),
};

export const startedServices = z.object({
  ...portChanges,
  services: z.array(
    z.object({
      ...serviceKey,
      outcome: z
        .enum(['running', 'finished', 'kept'])
        .describe('finished: its command ended by itself with code 0. kept: it was running already.'),
      status: z.string().describe('As in the list of services: RUNNING, or EXITED (0) when it has finished.'),
      pid: z.int().nullable(),
      port: port.nullable().describe('Its reserved port, which it was given as PORT.'),
      url: z.string().nullable().describe('Of its reserved port; null without one, and when it has finished.'),
      runId: z.string(),
      startedAt: isoTime,
      shell: z.string().describe('Its command.'),
      root: z.string().describe('The directory that it runs in.'),
      ready: z.boolean().nullable().describe('Null when it has finished.'),
      portAccepts: z
        .boolean()
        .nullable()
        .describe('False while the reserved port does not accept connections yet; null without one.'),
      portCheck: portCheck.describe('What it makes of its reserved port; null without one, and when it has finished.'),
      cursor: z
        .string()
        .describe(
          'To read its output from, with startAt: the beginning of this run or, of one that was kept, its output from now on.',
        ),
    }),
  ),
});
