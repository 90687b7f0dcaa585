import { type EnvFileVariables, portVariables, type Reservation, type ResolvedDefinition } from '@candle/core';
import type { GivenVariables } from './service-environment.ts';

/** The input for the variables that every service of a project gets. */
export interface ProjectVariables {
  /** All reservations of the project. */
  readonly reservations: readonly Reservation[];
  /** Names of all configured services. */
  readonly configuredNames: readonly string[];
}

/** The variables that a service's definition, its env files and its project contribute to its environment. Pure. */
export function givenVariables(
  { color, env, portEnv }: Pick<ResolvedDefinition, 'color' | 'env' | 'portEnv'>,
  { files, ...project }: ProjectVariables & { readonly files: readonly EnvFileVariables[] },
): GivenVariables {
  return { ...projectVariables(project), color, files, env, portEnv };
}

/** The variables that every service of the project gets. Pure. */
export function projectVariables({ reservations, configuredNames }: ProjectVariables): GivenVariables {
  const ports = portVariables(reservations, configuredNames);
  return { color: false, ports, files: [], env: {}, portEnv: [] };
}

/** Maps service names to their reserved ports. */
export function portsByService(reservations: readonly Reservation[]): ReadonlyMap<string, number> {
  return new Map(
    reservations.flatMap(({ serviceName, port }) => (serviceName === null ? [] : [[serviceName, port] as const])),
  );
}
