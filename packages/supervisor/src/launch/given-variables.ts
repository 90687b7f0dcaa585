import { type EnvFileVariables, portVariables, type Reservation, type ResolvedDefinition } from '@candle/core';
import type { GivenVariables } from './service-environment.ts';

/** What goes into every environment of a project. */
export interface ProjectVariables {
  /** All of the project. */
  readonly reservations: readonly Reservation[];
  /** Names of all services of the configuration. */
  readonly configuredNames: readonly string[];
}

/** What a service, its files and its project say of its environment. Pure. */
export function givenVariables(
  { color, env, portEnv }: Pick<ResolvedDefinition, 'color' | 'env' | 'portEnv'>,
  { files, ...project }: ProjectVariables & { readonly files: readonly EnvFileVariables[] },
): GivenVariables {
  return { ...projectVariables(project), color, files, env, portEnv };
}

/** The part of it that every service of the project gets. Pure. */
export function projectVariables({ reservations, configuredNames }: ProjectVariables): GivenVariables {
  const ports = portVariables(reservations, configuredNames);
  return { color: false, ports, files: [], env: {}, portEnv: [] };
}

/** The reserved ports by the names of their services. */
export function portsByService(reservations: readonly Reservation[]): ReadonlyMap<string, number> {
  return new Map(
    reservations.flatMap(({ serviceName, port }) => (serviceName === null ? [] : [[serviceName, port] as const])),
  );
}
