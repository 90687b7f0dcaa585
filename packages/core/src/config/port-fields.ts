import * as v from 'valibot';
import { minPreferredPort, type PortPreference } from '../ports/port-preference.ts';
import { lastPort } from '../ports/port-range.ts';
import { described, ruledString } from './schema-parts.ts';

const preferenceProblem = `must be "auto", or a number from ${minPreferredPort} to ${lastPort}`;

/** For common mistakes, adds what to write instead. */
function findPreferenceProblem({ input }: v.BaseIssue<unknown>): string {
  if (typeof input === 'string' && /^\d+$/.test(input)) return `${preferenceProblem}; write the number without quotes`;
  if (input === 0) return `${preferenceProblem}; use "auto" for any free port`;
  const isReserved = typeof input === 'number' && input > 0 && input < minPreferredPort;
  return isReserved ? `${preferenceProblem}; only root can listen on lower ports` : preferenceProblem;
}

const PortSchema = v.union(
  [
    v.literal('auto', findPreferenceProblem),
    v.pipe(
      v.number(findPreferenceProblem),
      v.integer(findPreferenceProblem),
      v.minValue(minPreferredPort, findPreferenceProblem),
      v.maxValue(lastPort, findPreferenceProblem),
    ),
  ],
  findPreferenceProblem,
);

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

/** The port fields of a service. */
export const portFields = {
  port: v.exactOptional(
    described(
      PortSchema,
      'The port to reserve for the service at its first start: auto for any free port, or the preferred number.',
      { examples: ['auto', 5173] },
    ),
  ),
  strictPort: v.exactOptional(
    described(
      v.boolean('must be true or false'),
      'true: the service gets exactly the number in port, or it is not started.',
      {
        default: false,
      },
    ),
  ),
  portEnv: v.exactOptional(
    described(PortEnvSchema, 'The environment variable or variables that contain the reserved port; null: none.', {
      default: 'PORT',
      examples: ['VITE_PORT', ['PORT', 'HTTP_PORT']],
    }),
  ),
};

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
export function preferenceOf(
  port: 'auto' | number | undefined,
  strictPort?: boolean | undefined,
): PortPreference | undefined {
  if (port === undefined) return undefined;
  if (port === 'auto') return { kind: 'auto' };
  return { kind: strictPort === true ? 'strict' : 'preferred', port };
}

export function portVariablesOf(portEnv: string | readonly string[] | null | undefined): readonly string[] {
  if (portEnv === undefined) return defaultPortEnv;
  if (portEnv === null) return [];
  return typeof portEnv === 'string' ? [portEnv] : [...new Set(portEnv)];
}
