import { findNodeAtLocation } from 'jsonc-parser';
import * as v from 'valibot';
import { described, ruledString } from './schema-parts.ts';
import type { ServiceNode, TextProblem } from './syntax-tree.ts';

const inputProblem = 'must be a path to a file';

const InputSchema = ruledString(inputProblem, (path) =>
  path.trim() === '' || path.includes('\0') ? inputProblem : undefined,
);

/** The files on which a command depends that runs once: a job or the setup. */
export const InputsSchema = described(
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

/** Fields that contradict each other. */
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
