import { z } from 'zod';
import { isoTime } from './iso-time.ts';
import { portCheck } from './port-check.ts';
import { port } from './reserved-port.ts';

/** Fields of every document about a service. */
export const serviceKey = { name: z.string(), projectDir: z.string() };

/** As in `.candle.json`. The use cases check these, so that errors read the same everywhere. */
export const serviceShell = z.string().describe('Command line that starts the service. Its port is in PORT.');
export const serviceRoot = z
  .string()
  .describe('Directory to start the service in, relative to the project and inside it.');

/** A service that did not get its preferred port. */
export const fallbackPort = z.object({
  name: z.string(),
  preferred: port,
  port: port.describe('Its current port.'),
  reason: z
    .enum(['reserved', 'in-use', 'excluded', 'kept'])
    .describe('kept: the service already had this reservation; release it first to get another port.'),
  reservedBy: z
    .object({ serviceName: z.string().nullable(), projectDir: z.string() })
    .nullable()
    .describe('Who reserved the preferred port; null if it is not reserved.'),
});

/** Changes to the project's ports that were made before anything was started. */
const portChanges = {
  fallbacks: z.array(fallbackPort).describe('Services that did not get their preferred port.'),
  moved: z.array(z.object({ name: z.string(), from: port, to: port })),
  outdated: z
    .array(z.object({ name: z.string(), runId: z.string(), ports: z.array(port) }))
    .describe('Running services whose environment still contains a port that was moved: restart them.'),
};

export const startedServices = z.object({
  ...portChanges,
  services: z.array(
    z.object({
      ...serviceKey,
      outcome: z
        .enum(['running', 'finished', 'kept'])
        .describe('finished: its command exited with code 0. kept: it was already running.'),
      status: z.string().describe('As in ListServices: RUNNING, or EXITED (0) if it has finished.'),
      pid: z.int().nullable(),
      port: port.nullable().describe('Its reserved port, passed to it as PORT.'),
      url: z.string().nullable().describe('URL of its reserved port; null if it has none or has finished.'),
      runId: z.string(),
      startedAt: isoTime,
      shell: z.string().describe('Its command line.'),
      root: z.string().describe('Directory that it runs in.'),
      ready: z.boolean().nullable().describe('Null if it has finished.'),
      portAccepts: z
        .boolean()
        .nullable()
        .describe('False while its reserved port does not accept connections yet; null if it has no reserved port.'),
      portCheck: portCheck.describe(
        'Whether it listens on its reserved port; null if it has no reserved port or has finished.',
      ),
      cursor: z
        .string()
        .describe(
          'Pass it to GetLogs as startAt to read the output of this run from the beginning or, if the service was kept, its output from now on.',
        ),
    }),
  ),
});
