import * as v from 'valibot';
import { isRecord } from './document.ts';
import { DurationSchema } from './duration-schema.ts';
import { LogLimitsSchema } from './log-limits.ts';
import { ReadySchema } from './ready-check.ts';
import { RestartSchema } from './restart-policy.ts';
import { ruledString } from './ruled-string.ts';
import { findServiceNameProblem } from './service-name.ts';
import { findServiceRootProblem } from './service-root.ts';
import { findServiceShellProblem } from './service-shell.ts';

function findPathProblem(path: string): string | undefined {
  return path.trim() === '' || path.includes('\0') ? 'must be a non-empty path' : undefined;
}

function findVariableProblem(name: string, value: unknown): string | undefined {
  if (name === '' || /[=\0]/.test(name)) return "must have a name without '=' and null characters";
  if (!['string', 'number', 'boolean'].includes(typeof value)) return 'must be a string';
  return String(value).includes('\0') ? 'must not contain null characters' : undefined;
}

/** Valibot's own objects accept lists. */
function plainObject(problem: string) {
  return v.custom<Record<string, unknown>>(isRecord, problem);
}

/** By hand, because valibot's records silently drop keys such as `constructor`. */
const EnvSchema = v.pipe(
  v.custom<Readonly<Record<string, string | number | boolean>>>(
    isRecord,
    'must be an object of variables and their values',
  ),
  v.rawTransform(({ dataset, addIssue }): Record<string, string> => {
    const input = dataset.value;
    for (const [key, value] of Object.entries(input)) {
      const problem = findVariableProblem(key, value);
      if (problem === undefined) continue;
      addIssue({ message: problem, path: [{ type: 'object', origin: 'value', input, key, value }] });
    }
    return Object.fromEntries(Object.entries(input).map(([key, value]) => [key, String(value)]));
  }),
);

const stopSignals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL', 'SIGUSR1', 'SIGUSR2'] as const;

const StopSignalSchema = v.pipe(
  v.string(`must be one of ${stopSignals.join(', ')}`),
  v.transform((name) => name.toUpperCase().replace(/^(?!SIG)/, 'SIG')),
  v.picklist(stopSignals, `must be one of ${stopSignals.join(', ')}`),
);

const EnvFileSchema = v.union(
  [
    ruledString('must be a path or a list of paths', findPathProblem),
    v.array(ruledString('must be a path', findPathProblem)),
  ],
  'must be a non-empty path or a list of such paths',
);

const dependsOnProblem = 'must be the name of a service or a list of such names';
const dependencyName = ruledString(dependsOnProblem, findServiceNameProblem);
const DependsOnSchema = v.union([dependencyName, v.array(dependencyName, dependsOnProblem)], dependsOnProblem);

const ServiceObjectSchema = v.looseObject({
  name: ruledString('must be a non-empty string', findServiceNameProblem),
  shell: ruledString('must be a non-empty string', findServiceShellProblem),
  root: v.exactOptional(ruledString('must be a path relative to the project', findServiceRootProblem)),
  env: v.exactOptional(EnvSchema),
  envFile: v.exactOptional(EnvFileSchema),
  autostart: v.exactOptional(v.boolean('must be true or false')),
  color: v.exactOptional(v.boolean('must be true or false')),
  stopSignal: v.exactOptional(StopSignalSchema),
  stopTimeout: v.exactOptional(DurationSchema),
  stopCommand: v.exactOptional(ruledString('must be a non-empty string', findServiceShellProblem)),
  restart: v.exactOptional(RestartSchema),
  ready: v.exactOptional(ReadySchema),
  dependsOn: v.exactOptional(DependsOnSchema),
  enableStdin: v.exactOptional(v.boolean('must be true or false')),
  logs: v.exactOptional(LogLimitsSchema),
});

/** One service as written; the output has signals and durations read. Unknown keys pass. */
export const WrittenServiceSchema = v.pipe(
  plainObject("must be an object with 'name' and 'shell'"),
  ServiceObjectSchema,
);

/** The whole file, the object form of `services` already turned into a list. */
export const WrittenConfigSchema = v.pipe(
  plainObject('must be an object: { "services": [] }'),
  v.looseObject({
    $schema: v.exactOptional(v.string('must be a string')),
    services: v.exactOptional(
      v.array(WrittenServiceSchema, 'must be a list of services, or an object of services by name'),
      [],
    ),
  }),
);
