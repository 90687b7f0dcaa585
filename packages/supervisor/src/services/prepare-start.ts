import { join } from 'node:path';
import {
  findDefinition,
  type KnownServices,
  NoServicesError,
  parsePortOrAuto,
  parseServiceName,
  parseServiceShell,
  preferenceOf,
  readKnownServices,
  resolveNames,
  resolveServiceRoot,
  type ServiceDefinition,
  ServiceIsConfiguredError,
  ServiceNotConfiguredError,
  transientDefinition,
} from '@candle/core';
import { isRunning } from '../dependencies/start-in-order.ts';
import { planStart, type StartPlan } from '../dependencies/start-plan.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import type { PortChanges } from './port-changes.ts';
import { checkTemplates, preparePorts } from './prepare-ports.ts';

export interface StartInput {
  readonly projectDir: string;
  /** None: every configured service that starts by itself. */
  readonly names: readonly string[];
  /** Makes the one named service a transient one with this command. */
  readonly transient?:
    | { readonly shell: string; readonly root?: string | undefined; readonly port?: 'auto' | number | undefined }
    | undefined;
  /** The named services get other ports first. */
  readonly move?: boolean | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Told once, before anything is started. */
  readonly onPorts?: ((changes: PortChanges) => void) | undefined;
  /** Each has to be ready by then, counted from its own start; left out, nothing waits longer than a start does. */
  readonly waitMs?: number | undefined;
  /** Ends that wait at once, with its reason; what was started goes on, and what was to come after it is not started. */
  readonly signal?: AbortSignal | undefined;
}

/** All that is known of a start before anything is started. */
export interface PreparedStart {
  readonly plan: StartPlan;
  readonly ports: PortChanges;
}

/**
 * Plans what the input names, and what that depends on, as it would be started now, and reserves the ports of the project.
 * What could not be started for its configuration or its port is told here, before anything is touched that runs.
 * @throws ConfigError, the errors of names, ports and templates
 */
export async function prepareStart(
  supervision: Supervision,
  input: StartInput,
  { keep = false }: { keep?: boolean } = {},
): Promise<PreparedStart> {
  const { projectDir, move } = input;
  const known = await readKnownServices(supervision, projectDir);
  if (known.configError) throw known.configError;
  const asked = await definitionsToStart(known, input);
  const plan = planStart(known, asked, (name) => getDefinition(known, name));
  const left = await Promise.all(
    plan.definitions.map((one) => (keep || !plan.named.has(one.name)) && isRunning(supervision, one)),
  );
  // Of what goes on as it is, nothing is asked: neither a port that it can do without, nor a value for a template.
  const definitions = plan.definitions.filter((_, at) => !left[at]);
  const ports = await preparePorts(supervision, known, { definitions, named: plan.named }, { move, keep });
  input.onPorts?.(ports);
  await checkTemplates(supervision, projectDir, definitions);
  return { plan, ports };
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
    const port = transient.port === undefined ? undefined : preferenceOf(parsePortOrAuto(String(transient.port)));
    const root = transient.root ?? null;
    await resolveServiceRoot(projectDir, root ?? undefined);
    const definition = transientDefinition(projectDir, name, { shell: transient.shell, root });
    return [port === undefined ? definition : { ...definition, port }];
  }
  if (names.length === 0) {
    const automatic = known.config?.services.filter(({ autostart }) => autostart).map(({ name }) => name) ?? [];
    if (automatic.length === 0) throw new NoServicesError(projectDir, known.config?.path);
    return automatic.map((name) => getDefinition(known, name));
  }
  return resolveNames(known, names).map((name) => getDefinition(known, name));
}

/** The ledger remembers services that the configuration has no more: they can be seen and killed, but not started. */
export function getDefinition(known: KnownServices, name: string): ServiceDefinition {
  const definition = findDefinition(known, name);
  if (definition) return definition;
  const { projectDir, config } = known;
  const configured = config?.services.map((service) => service.name) ?? [];
  throw new ServiceNotConfiguredError(name, config?.path ?? join(projectDir, '.candle.json'), configured);
}
