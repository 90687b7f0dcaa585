import { type KnownServices, type ServiceDefinition, withDependencies } from '@candle/core';

/** The services to start. */
export interface StartPlan {
  /** In an order in which each service comes after its dependencies. */
  readonly definitions: readonly ServiceDefinition[];
  /** The services that were requested. The others are their dependencies. */
  readonly named: ReadonlySet<string>;
  /** Names of all services in the configuration. */
  readonly configuredNames: readonly string[];
}

/** Plans the start of the requested services and their dependencies in the current configuration. */
export function planStart(
  known: Pick<KnownServices, 'config'>,
  requested: readonly ServiceDefinition[],
  getDefinition: (name: string) => ServiceDefinition,
): StartPlan {
  const named = new Map(requested.map((definition) => [definition.name, definition]));
  const configured = known.config?.services ?? [];
  const order = withDependencies(configured, [...named.keys()]);
  return {
    definitions: order.map((name) => named.get(name) ?? getDefinition(name)),
    named: new Set(named.keys()),
    configuredNames: configured.map(({ name }) => name),
  };
}
