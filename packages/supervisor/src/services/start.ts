import { join } from 'node:path';
import {
  findDefinition,
  type KnownServices,
  NoServicesError,
  parseServiceName,
  parseServiceShell,
  readKnownServices,
  resolveNames,
  resolveServiceRoot,
  type ServiceDefinition,
  ServiceIsConfiguredError,
  ServiceNotConfiguredError,
  transientDefinition,
} from '@candle/core';
import type { OnWaiting } from '../stop/stop-news.ts';
import type { Supervision } from '../supervision.ts';
import { type Outcomes, settleAll } from './outcomes.ts';
import { type StartedService, startService } from './start-service.ts';

export interface StartInput {
  readonly projectDir: string;
  /** None: every configured service that starts by itself. */
  readonly names: readonly string[];
  /** Makes the one named service a transient one with this command. */
  readonly transient?: { readonly shell: string; readonly root?: string | undefined } | undefined;
  readonly onWaiting?: OnWaiting | undefined;
}

/** Starts services in the background; a running one is replaced. All at the same time; one that fails stops no other. */
export async function start(supervision: Supervision, input: StartInput): Promise<Outcomes<StartedService>> {
  const definitions = await definitionsToStart(supervision, input);
  return settleAll(definitions, (definition) => startService(supervision, definition, { onWaiting: input.onWaiting }));
}

/** What the input names, as it would be started now. */
export async function definitionsToStart(
  supervision: Supervision,
  { projectDir, names, transient }: StartInput,
): Promise<readonly ServiceDefinition[]> {
  const known = await readKnownServices(supervision, projectDir);
  if (known.configError) throw known.configError;
  if (transient) {
    const [name = ''] = names;
    parseServiceName(name);
    parseServiceShell(transient.shell);
    if (known.config?.services.some((service) => service.name === name)) {
      throw new ServiceIsConfiguredError(name, known.config.path);
    }
    const root = transient.root ?? null;
    await resolveServiceRoot(projectDir, root ?? undefined);
    return [transientDefinition(projectDir, name, { shell: transient.shell, root })];
  }
  if (names.length === 0) {
    const automatic = known.config?.services.filter(({ autostart }) => autostart).map(({ name }) => name) ?? [];
    if (automatic.length === 0) throw new NoServicesError(projectDir, known.config?.path);
    return automatic.map((name) => getDefinition(known, name));
  }
  return resolveNames(known, names).map((name) => getDefinition(known, name));
}

/** The ledger remembers services that the configuration has no more: they can be seen and killed, but not started. */
function getDefinition(known: KnownServices, name: string): ServiceDefinition {
  const definition = findDefinition(known, name);
  if (definition) return definition;
  const { projectDir, config } = known;
  const configured = config?.services.map((service) => service.name) ?? [];
  throw new ServiceNotConfiguredError(name, config?.path ?? join(projectDir, '.candle.json'), configured);
}
