import { parseServiceName } from '@candle/core/config';
import type { Reservation } from '@candle/core/reservations';
import {
  findDefinition,
  type KnownServices,
  readEnvFiles,
  readKnownServices,
  readNaming,
  resolveTemplates,
  type ServiceDefinition,
  transientDefinition,
  UnknownServiceError,
} from '@candle/core/services';
import type { EnvDocument } from '@candle/documents';
import {
  givenVariables,
  ownPortOf,
  portsByName,
  projectVariables,
  type ServiceEnvironment,
  serviceEnvironment,
} from '../launch/service-environment.ts';
import type { Supervision } from '../supervision.ts';
import { type PortChanges, preparePorts } from './prepare-ports.ts';
import { getDefinition } from './start.ts';
import { portChangesDocument } from './start-document.ts';

export interface EnvInput {
  readonly projectDir: string;
  /** If omitted, the variables that every service of the project gets. */
  readonly name?: string | undefined;
  /** Called once, before anything else can fail. */
  readonly onPorts?: ((changes: PortChanges) => void) | undefined;
}

export interface ServiceEnv extends ServiceEnvironment {
  /** Null: the variables that every service of the project gets. */
  readonly name: string | null;
  readonly projectDir: string;
  readonly ports: PortChanges;
}

/**
 * Returns the environment that a service would get if this caller started it now, without CANDLE_RUN_ID, because there is no run. Reserves the ports that the configuration
 * of the project asks for, as a start does. A name that only has a reservation counts as a service too.
 * @throws ConfigError, UnknownServiceError, ServiceNotConfiguredError, EnvFileUnreadableError, and the errors of preparePorts
 * and resolveTemplates
 */
export async function env(supervision: Supervision, { projectDir, name, onPorts }: EnvInput): Promise<ServiceEnv> {
  const { store, callerEnv, stateDir } = supervision;
  const known = await readKnownServices(supervision, projectDir);
  if (known.configError) throw known.configError;
  const before = await store.reservations.list(projectDir);
  const definition = name === undefined ? undefined : definitionOf(known, name, before);
  const start = { definitions: definition ? [definition] : [], named: new Set<string>() };
  const { changes, reservations } = await preparePorts(supervision, { ...known, reservations: before }, start);
  onPorts?.(changes);
  const config = await readNaming(supervision, known, reservations);
  const reserved = portsByName(reservations);
  const given = definition
    ? givenVariables(resolveTemplates(definition, { ports: reserved, config }), {
        reservations,
        config,
        files: await readEnvFiles(projectDir, definition),
      })
    : projectVariables({ reservations, config });
  const port = definition && ownPortOf(definition, reserved);
  const found = serviceEnvironment(callerEnv, given, { serviceName: name, projectDir, port, stateDir });
  return { name: name ?? null, projectDir, ...found, ports: changes };
}

function definitionOf(known: KnownServices, name: string, reservations: readonly Reservation[]): ServiceDefinition {
  parseServiceName(name);
  const { projectDir } = known;
  const reserved = reservations.flatMap(({ serviceName }) => (serviceName === null ? [] : [serviceName]));
  const definition = findDefinition(known, name);
  if (definition) return definition;
  if (reserved.includes(name)) return transientDefinition(projectDir, name, { shell: '', root: null });
  if (known.names.includes(name)) return getDefinition(known, name);
  throw new UnknownServiceError(name, projectDir, [...new Set([...known.listed, ...reserved])]);
}

/** The environment of a service, as `--json` reports it. */
export function envDocument({ name, projectDir, variables, dropped, ports }: ServiceEnv): EnvDocument {
  return {
    name,
    projectDir,
    variables: variables.map(({ source, ...variable }) => ({
      ...variable,
      source: source.kind,
      serviceName: source.kind === 'reservation' ? source.serviceName : null,
      path: source.kind === 'envFile' ? source.path : null,
    })),
    dropped: dropped.map(({ name, reason, isPartial: partial }) => ({ name, reason, partial })),
    fallbacks: portChangesDocument(ports).fallbacks,
  };
}
