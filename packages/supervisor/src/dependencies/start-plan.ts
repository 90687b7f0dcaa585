import { type KnownServices, type ServiceDefinition, withDependencies } from '@candle/core';

/** What is to be started: each service stands behind those that it depends on. */
export interface StartPlan {
  readonly definitions: readonly ServiceDefinition[];
  /** Those that were asked for. The others are there because these depend on them. */
  readonly named: ReadonlySet<string>;
  /** Names of all services of the configuration. */
  readonly configuredNames: readonly string[];
}

/** The services asked for and what they depend on, by the configuration as it is now. */
export function planStart(
  known: Pick<KnownServices, 'config'>,
  asked: readonly ServiceDefinition[],
  getDefinition: (name: string) => ServiceDefinition,
): StartPlan {
  const named = new Map(asked.map((definition) => [definition.name, definition]));
  const configured = known.config?.services ?? [];
  const order = withDependencies(configured, [...named.keys()]);
  return {
    definitions: order.map((name) => named.get(name) ?? getDefinition(name)),
    named: new Set(named.keys()),
    configuredNames: configured.map(({ name }) => name),
  };
}
