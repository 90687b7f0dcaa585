import { isCandleError } from '@candle/core/errors';
import { type Run, runDir } from '@candle/core/runs';
import {
  changedSettings,
  fingerprint,
  hashSettings,
  type ResolvedDefinition,
  readEnvFiles,
  type ServiceDefinition,
  type SettingHashes,
} from '@candle/core/services';
import { findLaunch } from '../launch/launch.ts';
import type { ResolvedService } from '../launch/launch-run.ts';
import { ownPortOf, portsByName } from '../launch/service-environment.ts';
import type { Supervision } from '../supervision.ts';

/**
 * Compares a live run with the current definition of its service. Returns the names of the settings that differ, and
 * undefined if none does. Empty if an earlier Candle started the run, which did not record single settings.
 */
export type FindChanges = (definition: ServiceDefinition, run: Run) => readonly string[] | undefined;

/** Reads the files that the definitions refer to, so that the comparison itself is quick and always gives the same answer. */
export async function openComparison(
  { stateDir }: Pick<Supervision, 'stateDir'>,
  resolved: ReadonlyMap<string, ResolvedService>,
): Promise<FindChanges> {
  const current = new Map<string, { settings: SettingHashes | undefined; port: number | undefined }>();
  for (const [name, { definition, reservations }] of resolved) {
    const port = ownPortOf(definition, portsByName(reservations));
    current.set(name, { settings: await findSettings(definition), port });
  }
  return (definition, run) => {
    const now = current.get(definition.name);
    if (now === undefined) return undefined;
    const movedPort = now.port !== undefined && now.port !== run.port ? ['port'] : [];
    // The start reports why the file cannot be read, and leaves the run alone.
    if (now.settings === undefined) return ['envFile'];
    const before = findLaunch(runDir(stateDir, run.id))?.settings;
    const changed = [...movedPort, ...(before === undefined ? [] : changedSettings(before, now.settings))];
    const isUnchanged = changed.length === 0 && (before !== undefined || run.fingerprint === fingerprint(definition));
    return isUnchanged ? undefined : changed.toSorted();
  };
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
