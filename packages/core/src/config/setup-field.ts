import * as v from 'valibot';
import { InputsSchema } from './job-fields.ts';
import { described, objectOf, ruledString } from './schema-parts.ts';
import { findServiceShellProblem } from './service-fields.ts';
import { nameOf, type ServiceNode, type TextProblem } from './syntax-tree.ts';

/** What runs once in each checkout before its services start. */
export interface SetupConfig {
  /** The command for `sh -c`. */
  readonly run: string;
  /** Paths as written. When the content of one of these files changes, the command runs again. */
  readonly inputs: readonly string[];
}

/** The service name of the runs of a setup. */
export const setupName = 'setup';

const formProblem = "must be a command, or an object with 'run'";
const commandProblem = 'must be a non-empty string';

const SetupCommandSchema = v.pipe(
  ruledString(formProblem, findServiceShellProblem),
  v.metadata({ minLength: 1 }),
  v.transform((run): SetupConfig => ({ run, inputs: [] })),
);

const SetupObjectSchema = v.pipe(
  objectOf(formProblem, {
    run: described(
      ruledString(commandProblem, findServiceShellProblem),
      'The command, run by `sh` in the project directory.',
      { minLength: 1, examples: ['npm ci', 'pnpm install --frozen-lockfile'] },
    ),
    inputs: v.exactOptional(InputsSchema, []),
  }),
  v.transform(({ run, inputs }): SetupConfig => ({ run, inputs })),
);

/** A command, or an object. */
export const SetupSchema = described(
  v.lazy((input) => (typeof input === 'string' ? SetupCommandSchema : SetupObjectSchema)),
  'A command that runs once in each checkout before its services start, such as the installation of dependencies.',
  { examples: ['npm ci', { run: 'npm ci', inputs: ['package-lock.json'] }] },
);

/** The runs of the setup have the name of a service, so no service can have it. */
export function findSetupNameProblems(services: readonly ServiceNode[]): readonly TextProblem[] {
  return services
    .filter((service) => nameOf(service) === setupName)
    .map(({ key, node, field }) => ({
      offset: (key ?? node).offset,
      field,
      problem: `'${setupName}' is the name of the project's setup: rename the service, or remove the setup`,
    }));
}
