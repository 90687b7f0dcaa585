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
import { startInOrder } from '../dependencies/start-in-order.ts';
import { planStart, type StartPlan } from '../dependencies/start-plan.ts';
import type { OnWaiting } from '../stop/stop-news.ts';
import type { Supervision } from '../supervision.ts';
import type { Outcomes } from './outcomes.ts';
import type { StartedService } from './started-service.ts';

export interface StartInput {
  readonly projectDir: string;
  /** None: every configured service that starts by itself. */
  readonly names: readonly string[];
  /** Makes the one named service a transient one with this command. */
  readonly transient?: { readonly shell: string; readonly root?: string | undefined } | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Each has to be ready by then, counted from its own start; left out, nothing waits longer than a start does. */
  readonly waitMs?: number | undefined;
  /** Ends that wait at once, with its reason; what was started goes on, and what was to come after it is not started. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts services in the background, and what they depend on, as far as it does not run; a running one that is named is
 * replaced. One that fails stops only those that depend on it.
 */
export async function start(supervision: Supervision, input: StartInput): Promise<Outcomes<StartedService>> {
  const { onWaiting, waitMs, signal } = input;
  return startInOrder(supervision, await plannedStart(supervision, input), { onWaiting, waitMs, signal });
}

/** What the input names, and what that depends on, as it would be started now. */
export async function plannedStart(supervision: Supervision, input: StartInput): Promise<StartPlan> {
  const known = await readKnownServices(supervision, input.projectDir);
  if (known.configError) throw known.configError;
  const asked = await definitionsToStart(known, input);
  return planStart(known, asked, (name) => getDefinition(known, name));
}

async function definitionsToStart(
  known: KnownServices,
  { projectDir, names, transient }: StartInput,
): Promise<readonly ServiceDefinition[]> {
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
