import * as v from 'valibot';
import { type Document, described, describedError, integer, port, projectContext, projectDir } from './fields.ts';
import { portChanges, service } from './services.ts';

const path = described(v.string(), 'Path of the file.');

export const setUpProject = v.object({
  path,
  created: described(v.boolean(), 'False if the file already existed.'),
});

export const addedService = v.object({
  name: v.string(),
  shell: v.string(),
  root: v.nullable(v.string()),
  port: described(
    v.nullable(v.union([v.literal('auto'), v.pipe(port, v.minValue(1024))])),
    'The port setting; null if no port is reserved automatically.',
  ),
  path,
  created: described(v.boolean(), 'True if the file was created.'),
});
export type AddedServiceDocument = Document<typeof addedService>;

export const removedService = v.object({ name: v.string(), path });

/** The environment of a service. */
export const environment = v.object({
  name: described(v.nullable(v.string()), 'Null for the variables that every service of the project gets.'),
  projectDir,
  variables: described(
    v.array(
      v.object({
        name: v.string(),
        value: v.string(),
        source: described(
          v.picklist(['default', 'caller', 'color', 'tty', 'reservation', 'envFile', 'env', 'portEnv', 'candle']),
          'Each source overrides those before it in this list.',
        ),
        serviceName: described(v.nullable(v.string()), 'The service whose port it contains; null for other variables.'),
        path: described(v.nullable(v.string()), 'Path of the envFile that sets it; null for other variables.'),
      }),
    ),
    'Every variable once, without CANDLE_RUN_ID.',
  ),
  dropped: described(
    v.array(
      v.object({
        name: v.string(),
        reason: described(
          v.picklist(['agent', 'package-manager', 'git', 'candle']),
          'What set it for the command that started Candle. candle: it is about Candle, or about the service that called it.',
        ),
        partial: described(v.boolean(), 'True if the service gets the rest of the value.'),
      }),
    ),
    'Variables of the caller that the service does not get.',
  ),
  fallbacks: portChanges.entries.fallbacks,
});
export type EnvDocument = Document<typeof environment>;

export const trust = v.object({
  directories: described(
    v.array(
      v.object({
        dir: described(v.string(), 'Real path of the directory; a value of CANDLE_TRUST with a problem is unchanged.'),
        source: described(v.picklist(['candle trust', 'CANDLE_TRUST']), 'Where the directory was trusted.'),
        problem: described(v.nullable(v.string()), 'Why the trust has no effect; null if it has.'),
        owners: described(
          v.array(v.object({ uid: integer, user: described(v.nullable(v.string()), 'Null if the ID has no name.') })),
          'The owners of the directory and its configuration when it was trusted; empty for CANDLE_TRUST, which is for any owner.',
        ),
      }),
    ),
    'The directory that was trusted or revoked; with --list, all trusted directories.',
  ),
});
export type TrustDocument = Document<typeof trust>;

export const checks = v.object({
  checks: v.array(
    v.object({
      name: v.string(),
      status: v.picklist(['ok', 'warning', 'problem']),
      message: v.string(),
      hint: described(v.nullable(v.string()), 'What to do about a problem.'),
    }),
  ),
});

const count = described(v.nullable(integer), 'Null if the database could not be read.');

export const erasedDatabase = v.object({
  stateDir: v.string(),
  erased: described(v.boolean(), 'False if there was nothing to erase.'),
  reservationCount: count,
  projectCount: count,
  keptNames: described(
    v.array(v.string()),
    'Files in the state directory that Candle did not create and did not delete.',
  ),
});

const place = {
  file: described(v.string(), 'Path of the file, relative to the project.'),
  line: described(v.nullable(integer), 'From 1; null if the whole file is meant.'),
};
const notes = v.array(v.object({ ...place, text: described(v.string(), 'A sentence without a full stop.') }));
const names = v.array(v.string());

export const initialized = v.object({
  projectDir,
  path: described(v.string(), 'Path of the configuration. It need not exist.'),
  services: described(
    v.array(
      v.object({
        name: v.string(),
        ...place,
        selected: described(v.boolean(), 'Whether candle init --yes writes it.'),
        reason: described(v.nullable(v.string()), 'Why it is not selected; null if it is.'),
        guess: described(v.nullable(v.string()), 'Why it is uncertain whether it needs a port; null if it is certain.'),
        config: described(v.record(v.string(), v.unknown()), 'The service as it is written to .candle.json.'),
      }),
    ),
    'The services that were found and are not configured yet.',
  ),
  ports: described(
    v.array(
      v.object({
        name: v.string(),
        ...place,
        config: described(v.record(v.string(), v.unknown()), 'The entry as it is written to .candle.json.'),
      }),
    ),
    'The ports of programs that Candle does not start, and that are not configured yet.',
  ),
  setup: described(
    v.nullable(v.object({ run: v.string(), inputs: names })),
    'The command that runs before the first start; null if there is none, or if one is configured already.',
  ),
  present: described(names, 'The names of services that were found and are configured already.'),
  mainConfig: described(
    v.nullable(v.string()),
    'Path of the configuration of the main checkout, if it can be copied; null otherwise.',
  ),
  problems: described(notes, 'Files, or parts of them, that could not be read.'),
  advice: described(notes, 'What to change or to know.'),
  ignored: described(notes, 'What was not used, and why.'),
  written: described(
    v.nullable(
      v.object({
        created: described(v.boolean(), 'True if the file was created.'),
        services: described(names, 'The names of the services that were added.'),
        ports: described(names, 'The names of the ports that were added.'),
        setup: described(v.boolean(), 'Whether the setup was added.'),
        copiedFrom: described(v.nullable(v.string()), 'Path of the configuration that was copied; null otherwise.'),
      }),
    ),
    'Null if nothing was written, because it was not confirmed.',
  ),
});
export type InitDocument = Document<typeof initialized>;

/** The state of a project, and what to do next. */
export const overview = v.object({
  projectDir: described(v.nullable(v.string()), 'Real path of the project; null outside of a project.'),
  branch: projectContext.branch,
  services: described(
    v.array(
      v.object({
        ...service.entries,
        lastErrorLine: described(
          v.nullable(v.string()),
          'If it has failed: the last line with an error that it printed, or else its last line.',
        ),
      }),
    ),
    'Those with a problem first, the worst ones at the beginning.',
  ),
  configError: described(v.nullable(describedError), 'Why .candle.json cannot be used; null if it can.'),
  next: described(v.nullable(v.string()), 'The command to run next; null if there is no such advice.'),
  commands: described(
    v.array(v.object({ command: v.string(), purpose: v.string() })),
    'Outside of a project: the commands to begin with. Otherwise empty.',
  ),
});
export type OverviewDocument = Document<typeof overview>;
