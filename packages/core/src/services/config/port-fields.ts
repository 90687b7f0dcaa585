import * as v from 'valibot';
import { minPreferredPort, type PortPreference } from '../../ports/port-preference.ts';
import { lastPort } from '../../ports/port-range.ts';
import { described } from './described.ts';
import { ruledString } from './ruled-string.ts';

const preferenceProblem = `must be "auto", or a number from ${minPreferredPort} to ${lastPort}`;

/** Says of the usual slips what to write instead. */
function findPreferenceProblem({ input }: v.BaseIssue<unknown>): string {
  if (typeof input === 'string' && /^\d+$/.test(input)) return `${preferenceProblem}; write a number without quotes`;
  if (input === 0) return `${preferenceProblem}; "auto" stands for any free one`;
  const isReserved = typeof input === 'number' && input > 0 && input < minPreferredPort;
  return isReserved ? `${preferenceProblem}; only root may listen on lower ones` : preferenceProblem;
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

const variableProblem = "must be a variable's name, a list of such names, or null for none";

const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

function findVariableNameProblem(name: string): string | undefined {
  if (!variablePattern.test(name)) {
    return "must be a variable's name: letters, digits and '_', and no digit first";
  }
  return name.startsWith('CANDLE_') ? 'must not begin with CANDLE_: these variables are set by candle' : undefined;
}

const variableName = v.pipe(
  ruledString(variableProblem, findVariableNameProblem),
  v.metadata({ pattern: variablePattern.source }),
);

const PortEnvSchema = v.union([variableName, v.array(variableName, variableProblem), v.null()], variableProblem);

/** The fields of a service that are about its port. */
export const portFields = {
  port: v.exactOptional(
    described(
      PortSchema,
      'The port that is reserved for it at the first start: auto, or the number that it would like to have.',
      { examples: ['auto', 5173] },
    ),
  ),
  strictPort: v.exactOptional(
    described(v.boolean('must be true or false'), 'true: it gets the number that port says, or it is not started.', {
      default: false,
    }),
  ),
  portEnv: v.exactOptional(
    described(PortEnvSchema, 'The variable, or variables, in which it finds its reserved port; null: none.', {
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

/** The variable of a service that does not say otherwise. */
export const defaultPortEnv: readonly string[] = ['PORT'];

/** `strictPort` counts only beside a number; a rule sees to it that it does not stand alone. */
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
