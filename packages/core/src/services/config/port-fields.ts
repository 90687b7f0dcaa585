import * as v from 'valibot';
import { lastPort } from '../../ports/port-range.ts';
import { lowestWish, type PortWish } from '../../ports/port-wish.ts';
import { described } from './described.ts';
import { ruledString } from './ruled-string.ts';

const wishProblem = `must be "auto", or a number from ${lowestWish} to ${lastPort}`;

/** Says of the usual slips what to write instead. */
function findWishProblem({ input }: v.BaseIssue<unknown>): string {
  if (typeof input === 'string' && /^\d+$/.test(input)) return `${wishProblem}; write a number without quotes`;
  if (input === 0) return `${wishProblem}; "auto" stands for any free one`;
  const isReserved = typeof input === 'number' && input > 0 && input < lowestWish;
  return isReserved ? `${wishProblem}; only root may listen on lower ones` : wishProblem;
}

const PortSchema = v.union(
  [
    v.literal('auto', findWishProblem),
    v.pipe(
      v.number(findWishProblem),
      v.integer(findWishProblem),
      v.minValue(lowestWish, findWishProblem),
      v.maxValue(lastPort, findWishProblem),
    ),
  ],
  findWishProblem,
);

const variableProblem = "must be a variable's name, a list of such names, or null for none";

function findVariableNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return "must be a variable's name: letters, digits and '_', and no digit first";
  }
  return name.startsWith('CANDLE_') ? 'must not begin with CANDLE_: these variables are set by candle' : undefined;
}

const variableName = ruledString(variableProblem, findVariableNameProblem);

const PortEnvSchema = v.union([variableName, v.array(variableName, variableProblem), v.null()], variableProblem);

/** The fields of a service that are about its port. */
export const portFields = {
  port: v.exactOptional(
    described(
      PortSchema,
      'The port that is reserved for it at the first start: "auto", or the number that it would like to have.',
      { examples: ['auto', 5173] },
    ),
  ),
  strictPort: v.exactOptional(
    described(v.boolean('must be true or false'), 'true: it gets the number that port says, or is not started.', {
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
export function wishOf(port: 'auto' | number | undefined, strictPort?: boolean | undefined): PortWish | undefined {
  if (port === undefined) return undefined;
  if (port === 'auto') return { kind: 'auto' };
  return { kind: strictPort === true ? 'strict' : 'preferred', port };
}

export function portVariablesOf(portEnv: string | readonly string[] | null | undefined): readonly string[] {
  if (portEnv === undefined) return defaultPortEnv;
  if (portEnv === null) return [];
  return typeof portEnv === 'string' ? [portEnv] : [...new Set(portEnv)];
}
