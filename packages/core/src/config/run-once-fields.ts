import { findNodeAtLocation } from 'jsonc-parser';
import * as v from 'valibot';
import { described, objectOf, ruledString } from './schema-parts.ts';
import { findServiceShellProblem, setupName } from './service-fields.ts';
import { nameOf, type ServiceNode, type TextProblem } from './syntax-tree.ts';

/** What runs once in each checkout before its services start. */
export interface SetupConfig {
  /** The command for `sh -c`. */
  readonly run: string;
  /** Paths as written. When the content of one of these files changes, the command runs again. */
  readonly inputs: readonly string[];
}

const inputProblem = 'must be a path to a file';

const InputSchema = ruledString(inputProblem, (path) =>
  path.trim() === '' || path.includes('\0') ? inputProblem : undefined,
);

/** The files on which a command depends that runs once: a job or the setup. */
const InputsSchema = described(
  v.array(InputSchema, 'must be a list of paths'),
  'Files relative to the project. When the content of one of them changes, the command runs again.',
  { examples: [['package-lock.json']] },
);

/** The fields of a service that is a job. */
export const jobFields = {
  oneshot: v.exactOptional(
    described(
      v.boolean('must be true or false'),
      'true: a job, whose command ends, such as a migration. Services that depend on it start once it has exited with code 0. It does not run again until it is stopped, the machine restarts, or its definition or one of its inputs changes.',
      { default: false },
    ),
  ),
  inputs: v.exactOptional(
    described(
      InputsSchema,
      'With oneshot: files relative to the project. When the content of one of them changes, the job runs again.',
      { examples: [['prisma/schema.prisma']] },
    ),
  ),
};

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

/** Fields of a job that contradict each other. */
export function findJobProblems(services: readonly ServiceNode[]): readonly TextProblem[] {
  return services.flatMap(({ node, field }) => {
    const at = (...path: readonly string[]) => findNodeAtLocation(node, [...path]);
    const isJob = at('oneshot')?.value === true;
    const [inputs, ready] = [at('inputs'), at('ready')];
    const policies = [at('restart'), at('restart', 'policy')];
    const policy = policies.find((one) => one?.value === 'always');
    return [
      ...(inputs && !isJob
        ? [{ offset: inputs.offset, field: `${field}.inputs`, problem: 'requires "oneshot": true' }]
        : []),
      ...(ready && isJob
        ? [
            {
              offset: ready.offset,
              field: `${field}.ready`,
              problem: 'must be omitted: a job is ready when it has exited with code 0',
            },
          ]
        : []),
      ...(policy && isJob
        ? [{ offset: policy.offset, field: `${field}.restart`, problem: "must not be 'always', because a job ends" }]
        : []),
    ];
  });
}
