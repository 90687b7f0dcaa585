import type { Candle } from '../candle.ts';
import type { ProjectConfig } from '../config/config-schema.ts';
import { parseServiceName, setupName } from '../config/service-fields.ts';
import type { CandleError } from '../errors/candle-error.ts';
import { readBrowserDomain } from '../projects/project-context.ts';
import type { Reservation } from '../reservations/reservation.ts';
import { runDir, usesTls } from '../runs/run-record.ts';
import { UnknownServiceError } from './errors.ts';
import { configuredDefinition, type ServiceDefinition, type ServiceRecord, transientDefinition } from './service.ts';
import { mayUseTls, type PortNaming } from './service-url.ts';

/** Everything that is known about a project's services. */
export interface KnownServices {
  readonly projectDir: string;
  readonly config: ProjectConfig | undefined;
  /** Why the configuration could not be read. Commands that only read or stop continue without it. */
  readonly configError: CandleError | undefined;
  readonly records: ReadonlyMap<string, ServiceRecord>;
  /** Configured services in the order of the file, the setup if there is one, then the other services of the database. */
  readonly names: readonly string[];
  /** The same without those that are neither configured nor running and have no reserved port: nothing but output is left. */
  readonly listed: readonly string[];
}

/** Reads the configuration and the database. A configuration error is returned in `configError`, not thrown. */
export async function readKnownServices(candle: Candle, projectDir: string): Promise<KnownServices> {
  const { config, error: configError } = await candle.readConfig(projectDir);
  const records = new Map((await candle.store.services.list(projectDir)).map((record) => [record.name, record]));
  const configured = [...(config?.services.map(({ name }) => name) ?? []), ...(config?.setup ? [setupName] : [])];
  const names = [...new Set([...configured, ...records.keys()])];
  // Without a configuration, it is not known which services still exist.
  const certain = new Set(config === undefined ? names : configured);
  const others = names.filter((name) => !certain.has(name));
  const left = await Promise.all(others.map((name) => isLeft(candle, records.get(name))));
  const gone = new Set(others.filter((_, at) => !left[at]));
  return { projectDir, config, configError, records, names, listed: names.filter((name) => !gone.has(name)) };
}

/** Whether there is more of a service that is not configured than its output. */
async function isLeft({ store }: Candle, record: ServiceRecord | undefined): Promise<boolean> {
  if (record === undefined) return false;
  const { projectDir, name, transient } = record;
  if (transient !== null || (await store.runs.findActive(projectDir, name)) !== undefined) return true;
  return (await store.reservations.find(projectDir, name)) !== undefined;
}

/** Adds to the configuration what Candle has found out about the URLs of the project. `reservations` are all of the project. */
export async function readNaming(
  { store, stateDir }: Pick<Candle, 'store' | 'stateDir'>,
  { projectDir, config }: Pick<KnownServices, 'projectDir' | 'config'>,
  reservations: readonly Reservation[],
): Promise<PortNaming> {
  const services = (config?.services ?? []).map(async (service) => {
    const last = mayUseTls(service) ? (await store.runs.listOfService(projectDir, service.name)).at(-1) : undefined;
    return last && usesTls(runDir(stateDir, last.id)) ? { ...service, usesTls: true } : service;
  });
  const reserved = reservations.flatMap(({ serviceName }) => serviceName ?? []);
  const recorded = (await store.services.list(projectDir)).map(({ name }) => name);
  const known = [...new Set([...reserved, ...recorded])];
  const domain = readBrowserDomain(projectDir);
  return { services: await Promise.all(services), ports: config?.ports ?? [], known, domain };
}

/** The names without duplicates; all of them must be known. @throws InvalidServiceNameError, UnknownServiceError */
export function resolveNames(known: KnownServices, names: readonly string[]): readonly string[] {
  for (const name of names) {
    parseServiceName(name);
    if (known.names.includes(name)) continue;
    const configIsBroken = known.configError !== undefined;
    throw new UnknownServiceError(name, known.projectDir, known.listed, { configIsBroken });
  }
  return [...new Set(names)];
}

/** How the service would be started now; undefined if neither source defines it any more. */
export function findDefinition(known: KnownServices, name: string): ServiceDefinition | undefined {
  const configured = known.config?.services.find((service) => service.name === name);
  if (configured) return configuredDefinition(known.projectDir, configured, known.config?.directory);
  const transient = known.records.get(name)?.transient;
  return transient ? transientDefinition(known.projectDir, name, transient) : undefined;
}
