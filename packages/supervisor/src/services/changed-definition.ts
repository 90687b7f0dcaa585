import { isCandleError } from '@candle/core/errors';
import { ownerOfPort, portsOfService } from '@candle/core/ports';
import { type Run, runDir } from '@candle/core/runs';
import {
  changedSettings,
  fingerprint,
  hashSettings,
  type PortVariable,
  portVariables,
  preferredPorts,
  type ResolvedDefinition,
  readEnvFiles,
  type ServiceDefinition,
  type SettingHashes,
} from '@candle/core/services';
import type { StartPlan } from '../dependencies/start-in-order.ts';
import { findLaunch, type Launch } from '../launch/launch.ts';
import type { ResolvedService } from '../launch/launch-run.ts';
import { furtherPortsOf, ownPortOf, portsByName } from '../launch/service-environment.ts';
import type { Supervision } from '../supervision.ts';
import { findKept, type PortChanges } from './prepare-ports.ts';

/** How a live run differs from the current definition of its service. */
export interface RunComparison {
  /**
   * Settings, and variables with the port or the URL of a dependency, because of which the run has to be replaced; undefined if
   * there is no reason. Empty if an earlier Candle started the run, which did not record single settings.
   */
  readonly changed: readonly string[] | undefined;
  /** Variables with a former port or URL of services that it does not depend on. */
  readonly outdated: readonly string[];
  /** Its reserved ports, if its configuration has begun to prefer others since it was started. */
  readonly kept: PortChanges['kept'];
}

export type CompareRun = (definition: ServiceDefinition, run: Run) => RunComparison;

const sameRun: RunComparison = { changed: undefined, outdated: [], kept: [] };

interface CurrentService {
  /** Undefined if an `envFile` cannot be read. */
  readonly settings: SettingHashes | undefined;
  readonly port: number | undefined;
  readonly furtherPorts: Launch['furtherPorts'];
}

/** Reads the files that the definitions refer to, so that the comparison itself is quick and always gives the same answer. */
export async function openComparison(
  { stateDir }: Pick<Supervision, 'stateDir'>,
  resolved: ReadonlyMap<string, ResolvedService>,
  config: StartPlan['config'],
): Promise<CompareRun> {
  const { reservations = [], naming = config } = [...resolved.values()][0] ?? {};
  const reserved = portsByName(reservations);
  // The host names for browsers change with each branch. Only where a template contains one is that a reason to restart.
  const { services = [], ports = [] } = naming ?? {};
  const variables = portVariables(reservations, { services, ports }).map((one) => ({
    ...one,
    serviceName: ownerOfPort(config, one.serviceName),
  }));
  const current = new Map<string, CurrentService>();
  for (const [name, { definition }] of resolved) {
    const furtherPorts = furtherPortsOf(definition, reserved);
    current.set(name, {
      settings: await findSettings(definition),
      port: ownPortOf(definition, reserved),
      furtherPorts,
    });
  }
  return (definition, run) => {
    const now = current.get(definition.name);
    if (now === undefined) return sameRun;
    // The start reports why the file cannot be read, and leaves the run alone.
    if (now.settings === undefined) return { ...sameRun, changed: ['envFile'] };
    const launch = findLaunch(runDir(stateDir, run.id));
    const before = launch?.settings;
    const settings = before === undefined ? [] : changedSettings(before, now.settings);
    const { ofDependencies, ofOthers } = findOldVariables(launch, definition.dependsOn, variables);
    const changed = [
      ...(now.port !== (run.port ?? undefined) ? ['port'] : []),
      ...(launch !== undefined && hasOtherPorts(launch.furtherPorts, now.furtherPorts) ? ['ports'] : []),
      ...settings.filter((name) => name !== preferredPorts),
      ...ofDependencies,
    ];
    const isUnchanged = changed.length === 0 && (before !== undefined || run.fingerprint === fingerprint(definition));
    return {
      // A setting and a reservation can both have changed.
      changed: isUnchanged ? undefined : [...new Set(changed)].toSorted(),
      outdated: ofOthers,
      kept: settings.includes(preferredPorts) ? findKept(portsOfService(definition), reservations) : [],
    };
  };
}

function hasOtherPorts(before: Launch['furtherPorts'], now: Launch['furtherPorts']): boolean {
  const shown = (ports: Launch['furtherPorts']) => ports.map(({ variable, port }) => `${variable}=${port}`).toSorted();
  return String(shown(before)) !== String(shown(now));
}

/**
 * The variables that a run got with another value than a new run would. A dependency's variable counts even if the run does not
 * have it: the dependency may be new. What an `envFile` or `env` sets is one of the settings. Pure.
 */
export function findOldVariables(
  launch: Pick<Launch, 'env' | 'portVariables'> | undefined,
  dependsOn: readonly string[],
  current: readonly (Omit<PortVariable, 'serviceName'> & { readonly serviceName: string | null })[],
): { readonly ofDependencies: readonly string[]; readonly ofOthers: readonly string[] } {
  if (launch?.portVariables === undefined) return { ofDependencies: [], ofOthers: [] };
  const got = new Set(launch.portVariables);
  const isDependency = ({ serviceName }: { serviceName: string | null }) =>
    serviceName !== null && dependsOn.includes(serviceName);
  const old = current.filter((variable) => {
    const value = launch.env[variable.name];
    if (value === undefined) return isDependency(variable);
    return got.has(variable.name) && value !== variable.value;
  });
  const names = (wanted: boolean) => old.filter((one) => isDependency(one) === wanted).map(({ name }) => name);
  return { ofDependencies: names(true), ofOthers: names(false) };
}

/** Undefined if an `envFile` cannot be read. */
async function findSettings(definition: ResolvedDefinition): Promise<SettingHashes | undefined> {
  try {
    return hashSettings(definition, await readEnvFiles(definition.projectDir, definition));
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return undefined;
  }
}
