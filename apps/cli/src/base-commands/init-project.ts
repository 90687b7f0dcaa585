import { type InitDecision, type InitOffer, type InitResult, init } from '@candle/init';
import type { OwnProjectCommand } from '../host/own-command.ts';
import { interruptedExitCode } from '../host/process-setup.ts';
import { renderCopy, renderOffer } from '../present/init.ts';

const usualColumns = 80;

export interface InitRequest {
  readonly projectDir: string;
  readonly from?: string | undefined;
  readonly fromMain?: boolean | undefined;
  /** Writes without a question. */
  readonly yes: boolean;
}

/**
 * Looks for the services of a project, and writes its configuration if the user agrees. Nobody is asked if the command has no
 * terminal; nothing is written then, unless the command line says so.
 */
export async function initProject(command: OwnProjectCommand, request: InitRequest): Promise<InitResult> {
  const { findCompose, isTracked } = await command.host.useCases();
  const { projectDir, from, fromMain, yes } = request;
  const host = {
    trust: command.host.trust,
    findCompose: () => findCompose(projectDir, process.env),
    isTracked: (path: string) => isTracked(path, process.env),
  };
  const canAsk = !yes && !command.jsonEnabled() && hasTerminal();
  return init(host, {
    projectDir,
    from,
    fromMain,
    decide: async (offer) => {
      const isCopied = yes && offer.mainConfig !== undefined;
      if (isCopied) command.log(renderCopy(offer));
      else if (yes || canAsk) command.log(`${renderOffer(offer)}\n`);
      if (isComplete(offer)) return { kind: 'write', names: [] };
      if (fromMain && (yes || canAsk)) return { kind: 'copy' };
      if (yes) return offer.mainConfig === undefined ? everySelected(offer) : { kind: 'copy' };
      return canAsk ? ask(offer) : undefined;
    },
  });
}

function isComplete({ services, ports, setup, mainConfig }: InitOffer): boolean {
  return services.length + ports.length === 0 && setup === undefined && mainConfig === undefined;
}

function everySelected({ services }: InitOffer): InitDecision {
  return {
    kind: 'write',
    names: services.filter(({ isSelected }) => isSelected).map(({ service }) => service.name),
  };
}

/** Whether a question can be asked, and answered. */
export function hasTerminal(): boolean {
  return Boolean(process.stdout.isTTY && process.stdin.isTTY);
}

/** Ends the process with the exit code of an interruption if the user cancels. */
async function ask(offer: InitOffer): Promise<InitDecision | undefined> {
  const { cancel, isCancel, multiselect, select } = await import('@clack/prompts');
  // The prompts wrap lines at the width of the terminal, and some terminals report 0.
  process.stdout.columns ||= usualColumns;
  const exitCancelled = (): never => {
    cancel('Nothing was written');
    process.exit(interruptedExitCode);
  };
  if (offer.mainConfig !== undefined) {
    const options = [
      { value: 'copy', label: 'Copy the .candle.json of the main checkout', hint: offer.mainConfig },
      { value: 'write', label: 'Choose services from the files of this project' },
    ];
    const origin = await select({ message: 'Where should the configuration come from?', options });
    if (isCancel(origin)) return exitCancelled();
    if (origin === 'copy') return { kind: 'copy' };
  }
  const names = await multiselect({
    message: `Which services should be written to ${offer.path}?`,
    options: offer.services.map(({ service: { name, shell }, unselectedBecause }) => ({
      value: name,
      label: name,
      hint: unselectedBecause ?? shell,
    })),
    initialValues: offer.services.filter(({ isSelected }) => isSelected).map(({ service }) => service.name),
    required: false,
  });
  if (isCancel(names)) return exitCancelled();
  return names.length + offer.ports.length === 0 ? undefined : { kind: 'write', names };
}
