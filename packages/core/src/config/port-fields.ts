import * as v from 'valibot';
import { type FurtherPort, minPreferredPort, type PortEntry, type PortPreference } from '../ports/port-preference.ts';
import { lastPort } from '../ports/port-range.ts';
import { sampleText } from '../services/templates/template-problems.ts';
import { described, type Member, membersOf, ruledString } from './schema-parts.ts';
import { findServiceNameProblem, findVariablePrefix } from './service-fields.ts';
import { isRecord } from './syntax-tree.ts';

const preferenceProblem = `must be "auto", or a number from ${minPreferredPort} to ${lastPort}`;
const servicePortProblem = `must be "auto", a number from ${minPreferredPort} to ${lastPort}, or null for no port`;

/** For common mistakes, adds what to write instead. */
function findPreferenceProblem(problem: string): (issue: v.BaseIssue<unknown>) => string {
  return ({ input }) => {
    if (typeof input === 'string' && /^\d+$/.test(input)) return `${problem}; write the number without quotes`;
    if (input === 0) return `${problem}; use "auto" for any free port`;
    const isReserved = typeof input === 'number' && input > 0 && input < minPreferredPort;
    return isReserved ? `${problem}; only root can listen on lower ports` : problem;
  };
}

function preferenceSchemas(problem: (issue: v.BaseIssue<unknown>) => string) {
  const number = v.pipe(
    v.number(problem),
    v.integer(problem),
    v.minValue(minPreferredPort, problem),
    v.maxValue(lastPort, problem),
  );
  return [v.literal('auto', problem), number] as const;
}

const findPortProblem = findPreferenceProblem(preferenceProblem);
const findServicePortProblem = findPreferenceProblem(servicePortProblem);

/** A port that is not optional. */
export const PortSchema = v.union(preferenceSchemas(findPortProblem), findPortProblem);

/** The port of a service, which may have none. */
const ServicePortSchema = v.union([...preferenceSchemas(findServicePortProblem), v.null()], findServicePortProblem);

const variableProblem = 'must be a variable name, a list of variable names, or null for none';

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

function findVariableNameProblem(name: string): string | undefined {
  if (!variablePattern.test(name)) {
    return "must be a variable name: letters, digits and '_', not starting with a digit";
  }
  return name.startsWith('CANDLE_') ? 'must not begin with CANDLE_: Candle sets these variables' : undefined;
}

const variableName = v.pipe(
  ruledString(variableProblem, findVariableNameProblem),
  v.metadata({ pattern: variablePattern.source }),
);

const PortEnvSchema = v.union([variableName, v.array(variableName, variableProblem), v.null()], variableProblem);

/** White space would end the value in many tools that read it. */
function findUrlProblem(url: string): string | undefined {
  if (/(?<!\$)\$\{(?!port\})/.test(url)) return 'must not contain a template other than ${port}';
  return !/\s/.test(url) && URL.canParse(sampleText(url) ?? '') ? undefined : urlProblem;
}

const urlProblem = 'must be a URL, such as "postgres://dev@localhost:${port}/shop"';

const urlField = v.exactOptional(
  described(
    ruledString(urlProblem, findUrlProblem),
    'The URL that the other services get; ${port} stands for the reserved port. If omitted, http://localhost:${port}, or https if its readiness check needs TLS; none for databases and brokers.',
    { minLength: 1, examples: ['postgres://dev@localhost:${port}/shop'] },
  ),
);

const strictPortField = v.exactOptional(
  described(v.boolean('must be true or false'), 'true: exactly the number in port is reserved, or nothing starts.', {
    default: false,
  }),
);

const furtherPortsProblem =
  'must be an object of variables and their ports: { "HMR_PORT": "auto" }; the port that the service itself listens on is "port"';

/** The port fields of a service. */
export const portFields = {
  port: v.exactOptional(
    described(
      ServicePortSchema,
      'The port to reserve for the service at its first start: auto for any free port, or the preferred number. null: the service never gets a port.',
      { examples: ['auto', 5173, null] },
    ),
  ),
  strictPort: strictPortField,
  portEnv: v.exactOptional(
    described(PortEnvSchema, 'The environment variable or variables that contain the reserved port; null: none.', {
      default: 'PORT',
      examples: ['VITE_PORT', ['PORT', 'HTTP_PORT']],
    }),
  ),
  ports: v.exactOptional(
    described(
      membersOf(furtherPortsProblem, findVariableNameProblem, PortSchema),
      'Further ports of the service: each variable contains a reserved port. The service need not listen on them.',
      { type: 'object', examples: [{ HMR_PORT: 'auto', DEBUG_PORT: 9229 }] },
    ),
  ),
  url: urlField,
};

const entryFields = {
  port: described(PortSchema, 'The port to reserve: auto for any free port, or the preferred number.', {
    examples: ['auto', 5432],
  }),
  strictPort: strictPortField,
  portEnv: v.exactOptional(
    described(
      PortEnvSchema,
      'The environment variable or variables that contain the port; null: none. If omitted, DB_PORT for an entry db.',
      { examples: ['SMTP_PORT'] },
    ),
  ),
  url: urlField,
};

const EntryObjectSchema = v.looseObject(entryFields);

export const portEntryFields = Object.keys(entryFields);

/** An entry of the top-level `ports`: a port, or an object with more settings. */
export const PortEntrySchema = v.lazy((input) =>
  isRecord(input)
    ? EntryObjectSchema
    : v.pipe(
        PortSchema,
        v.transform((port) => ({ port })),
      ),
);

export const PortEntriesSchema = described(
  membersOf('must be an object of names and ports: { "db": "auto" }', findServiceNameProblem, PortEntrySchema),
  'Ports of programs that Candle does not start. All services get them.',
  { type: 'object', examples: [{ db: 'auto', mail: { port: 1025, portEnv: 'SMTP_PORT' } }] },
);

const excludedProblem = `must be a number from 1 to ${lastPort}`;

export const ExcludePortsSchema = described(
  v.array(
    v.pipe(
      v.number(excludedProblem),
      v.integer(excludedProblem),
      v.minValue(1, excludedProblem),
      v.maxValue(lastPort, excludedProblem),
    ),
    'must be a list of port numbers',
  ),
  'Ports that are never reserved for this project.',
  { examples: [[5000, 7000]] },
);

/** Used if `portEnv` is omitted. */
export const defaultPortEnv: readonly string[] = ['PORT'];

/** `strictPort` has an effect only with a number; a rule rejects it without one. */
export function preferenceOf(port: 'auto' | number, strictPort?: boolean | undefined): PortPreference {
  if (port === 'auto') return { kind: 'auto' };
  return { kind: strictPort === true ? 'strict' : 'preferred', port };
}

export function portVariablesOf(portEnv: string | readonly string[] | null | undefined): readonly string[] {
  if (portEnv === undefined) return defaultPortEnv;
  if (portEnv === null) return [];
  return typeof portEnv === 'string' ? [portEnv] : [...new Set(portEnv)];
}

export function furtherPortsOf(written: readonly Member<'auto' | number>[]): readonly FurtherPort[] {
  return written.map(({ key, value }) => ({ variable: key, port: preferenceOf(value) }));
}

export function portEntryOf({ key: name, value }: Member<v.InferOutput<typeof PortEntrySchema>>): PortEntry {
  const { port, strictPort, portEnv, url }: v.InferOutput<typeof EntryObjectSchema> = value;
  const prefix = findVariablePrefix(name);
  const usual = prefix === undefined ? null : `${prefix}_PORT`;
  return {
    name,
    port: preferenceOf(port, strictPort),
    portEnv: portVariablesOf(portEnv === undefined ? usual : portEnv),
    ...(url === undefined ? {} : { url }),
  };
}
