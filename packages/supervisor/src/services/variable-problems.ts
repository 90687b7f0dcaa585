import { realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ConfigProblem } from '@candle/core/config';
import { quote } from '@candle/core/errors';
import type { Reservation } from '@candle/core/reservations';
import {
  type EnvFileVariables,
  findDefinition,
  type KnownServices,
  lineOfVariable,
  type PortNaming,
  type PortVariable,
  portVariables,
  readEnvFiles,
  readNaming,
  type ServiceDefinition,
} from '@candle/core/services';
import { readRegularFile } from '@candle/core/system';
import { findBash } from '../launch/launch.ts';
import { unusualVariables } from '../launch/service-environment.ts';
import type { Supervision } from '../supervision.ts';

/**
 * What services set and what is probably not as it was meant. A file that several services read is reported once, and one that
 * cannot be read is reported when its service starts.
 */
export async function findVariableProblems(
  { callerEnv }: Pick<Supervision, 'callerEnv'>,
  definitions: readonly ServiceDefinition[],
  {
    reservations,
    naming,
    path,
  }: { reservations: readonly Reservation[]; naming: PortNaming; path: string | undefined },
): Promise<readonly ConfigProblem[]> {
  const found = new Map<string, ConfigProblem>();
  for (const definition of definitions) {
    const { projectDir, env, envFiles } = definition;
    if (envFiles.length === 0 && Object.keys(env).length === 0) continue;
    const files = await readEnvFiles(projectDir, definition).catch(() => []);
    const overrides = files.length === 0 ? [] : findOverrides(portVariables(reservations, naming), files, definition);
    const lost = findLost(definition, {
      files,
      path,
      bash: () => findBash(callerEnv.PATH),
      isLostInNpm: () => dropsInNpm(definition, callerEnv),
    });
    for (const problem of [...overrides, ...lost]) found.set(`${problem.file}\0${problem.field}`, problem);
  }
  return [...found.values()];
}

/** All warnings about the configuration of a project, and about what the named services set as they would start now. */
export async function findConfigProblems(
  supervision: Pick<Supervision, 'callerEnv' | 'store' | 'stateDir'>,
  known: KnownServices,
  names: readonly string[] = known.names,
): Promise<readonly ConfigProblem[]> {
  const { config, projectDir } = known;
  const definitions = names.flatMap((name) => findDefinition(known, name) ?? []);
  const hasFiles = definitions.some(({ envFiles }) => envFiles.length > 0);
  const reservations = hasFiles ? await supervision.store.reservations.list(projectDir) : [];
  const naming = hasFiles ? await readNaming(supervision, known, reservations) : { services: [], ports: [] };
  return [
    ...(config?.warnings ?? []),
    ...(await findVariableProblems(supervision, definitions, { reservations, naming, path: config?.path })),
  ];
}

/** Lines of a service's env files that override a variable of the project's ports. What `env` sets is intended. Pure. */
export function findOverrides(
  ports: readonly PortVariable[],
  files: readonly EnvFileVariables[],
  { env }: Pick<ServiceDefinition, 'env'>,
): readonly ConfigProblem[] {
  return ports.flatMap(({ name, value, serviceName }) => {
    const file = files.findLast(({ variables }) => Object.hasOwn(variables, name));
    if (file === undefined || file.variables[name] === value || Object.hasOwn(env, name)) return [];
    const line = lineOfVariable(file, name);
    const isSet = (one: PortVariable) =>
      [env, ...files.map(({ variables }) => variables)].some((set) => one.name in set);
    const stale = ports.filter((one) => one.serviceName === serviceName && hasPort(one, value) && !isSet(one));
    const names = stale.map((one) => one.name).join(' and ');
    const still = names === '' ? '' : `, while ${names} still ${stale.length === 1 ? 'contains' : 'contain'} it`;
    const problem = `overrides ${value}, which Candle sets for ${quote(serviceName)}${still}; remove this line, or rename the variable`;
    return [{ file: file.path, ...(line === undefined ? {} : { line }), field: name, problem }];
  });
}

/** Whether the variable contains a URL with this port. */
function hasPort({ value }: PortVariable, port: string): boolean {
  return URL.parse(value)?.port === port;
}

/** Whether npm runs scripts with a shell that drops some variables: dash is `sh`, and no configuration names another. */
function dropsInNpm({ projectDir, root = '' }: ServiceDefinition, callerEnv: Supervision['callerEnv']): boolean {
  if (callerEnv.npm_config_script_shell !== undefined) return false;
  const directories = [join(projectDir, root), projectDir, callerEnv.HOME ?? '/'];
  const named = directories.some((directory) => /^\s*script-shell\s*=/m.test(textOf(join(directory, '.npmrc'))));
  return !named && basename(realpathSync('/bin/sh')) === 'dash';
}

const runsNpm = /(?:^|[;&|] *)npm /;
const maxNpmrcBytes = 1024 * 1024;

/** The text of a file; empty if it cannot be read. */
function textOf(path: string): string {
  try {
    return readRegularFile(path, maxNpmrcBytes).toString();
  } catch {
    return '';
  }
}

/**
 * Variables that `sh` drops before the program of the service starts. With bash, nothing is lost, except in a script that npm
 * runs. Pure.
 */
export function findLost(
  { name: service, env, shell }: Pick<ServiceDefinition, 'name' | 'env' | 'shell'>,
  {
    files,
    path = '.candle.json',
    bash,
    isLostInNpm,
  }: {
    files: readonly EnvFileVariables[];
    path: string | undefined;
    bash: () => string | undefined;
    isLostInNpm: () => boolean;
  },
): readonly ConfigProblem[] {
  const unusual = unusualVariables({ files, env });
  if (unusual.length === 0) return [];
  const hasBash = bash() !== undefined;
  if (hasBash && (!runsNpm.test(shell) || !isLostInNpm())) return [];
  const reason = hasBash
    ? 'npm runs its script with sh, which drops a variable with this name; write script-shell=bash into .npmrc'
    : 'sh drops a variable with this name; install bash';
  return unusual.map(({ name, file }) => {
    const problem = `does not reach the program of ${quote(service)}: ${reason}`;
    const line = file && lineOfVariable(file, name);
    return { file: file?.path ?? path, ...(line === undefined ? {} : { line }), field: name, problem };
  });
}
