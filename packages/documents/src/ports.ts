import * as v from 'valibot';
import { type Document, described, integer, isoTime, port, projectContext, projectDir, reservedFor } from './fields.ts';

const addresses = described(v.array(v.string()), '0.0.0.0 and :: mean all addresses of their family.');

export const reservedPort = v.object({
  port: described(port, '1024 to 65535; below 4000 only if that port was requested.'),
  serviceName: reservedFor,
  projectDir,
});
export type ReservedPortDocument = Document<typeof reservedPort>;

/** A port that was just requested. */
export const claimedPort = v.object({
  ...reservedPort.entries,
  fallback: described(
    v.exactOptional(v.object({ preferred: port, reason: v.picklist(['reserved', 'in-use', 'excluded']) })),
    'Only present if a port other than the one preferred in the configuration was reserved. WhoHasPort, or candle who-has, shows who uses or has reserved the preferred port.',
  ),
});
export type ClaimedPortDocument = Document<typeof claimedPort>;

export const gotOrReservedPort = v.object({
  ...claimedPort.entries,
  wasReserved: described(v.boolean(), 'True if this call reserved the port; false if the service already had it.'),
});
export type GotOrReservedPortDocument = Document<typeof gotOrReservedPort>;

const ifSingle =
  'Only present if a service or a port was given. For a service with several ports: its own, or else the lowest of them.';

export const releasedPorts = v.object({
  releasedCount: integer,
  releasedPort: described(v.exactOptional(port), ifSingle),
  serviceName: described(v.exactOptional(v.nullable(v.string())), ifSingle),
  projectDir,
});
export type ReleasedPortsDocument = Document<typeof releasedPorts>;

/** A process that listens on a port. */
export const portOwner = v.object({
  pid: described(v.nullable(integer), 'For processes of other users, often only the user is known.'),
  command: described(v.nullable(v.string()), 'Short name of the program.'),
  commandLine: described(
    v.nullable(v.string()),
    'The program and its arguments, unmodified: not safe to print to a terminal.',
  ),
  cwd: v.nullable(v.string()),
  cwdGone: described(v.boolean(), 'True if its working directory was deleted.'),
  startedAt: v.nullable(isoTime),
  uid: v.nullable(integer),
  user: v.nullable(v.string()),
  addresses,
  service: described(
    v.nullable(v.object({ name: v.string(), ...projectContext, runId: v.string() })),
    'Null if the process does not belong to a Candle service.',
  ),
});
export type PortOwnerDocument = Document<typeof portOwner>;

export const reservedPorts = v.object({
  ports: described(
    v.array(
      v.object({
        ...reservedPort.entries,
        purpose: described(
          v.picklist(['project', 'service', 'further-port', 'program']),
          'What it is reserved for. further-port: a further port of a service, such as web.HMR_PORT. program: one that Candle does not start, from ports in .candle.json.',
        ),
        reservedAt: isoTime,
        branch: projectContext.branch,
        directoryGone: projectContext.directoryGone,
        conflicts: described(
          v.array(portOwner),
          "Processes that listen on a service's port without belonging to the service; usually empty.",
        ),
      }),
    ),
    'Newest first.',
  ),
});
export type ReservedPortsDocument = Document<typeof reservedPorts>;

/** The ports that services currently listen on. */
export const listenedPorts = v.object({
  ports: v.array(
    v.object({
      serviceName: v.string(),
      projectDir,
      port,
      addresses,
      pid: integer,
      command: v.string(),
      reserved: described(v.boolean(), 'True if the port is reserved for this service.'),
    }),
  ),
});
export type PortsDocument = Document<typeof listenedPorts>;

/** The processes that listen on a port, and its reservation. */
export const portReport = v.object({
  port,
  free: described(v.boolean(), 'True if no process listens on it and it is not reserved.'),
  owners: described(v.array(portOwner), 'The processes that listen on it, oldest first.'),
  reservation: v.nullable(
    v.object({
      serviceName: reservedFor,
      ...projectContext,
      reservedAt: isoTime,
      status: described(
        v.nullable(v.string()),
        'Status of its service, as in ListServices and candle list; null without a service.',
      ),
    }),
  ),
  containers: described(
    v.array(v.object({ name: v.string(), image: v.string() })),
    'Docker containers that publish the port, if Docker responds quickly enough.',
  ),
  advice: described(
    v.array(v.object({ command: described(v.string(), 'Command to paste into a shell.'), purpose: v.string() })),
    'Possible actions, least invasive first. Let the user decide before you stop a process that you did not start.',
  ),
});
export type PortReportDocument = Document<typeof portReport>;
