import { portInCommand } from '../default-port.ts';
import type { Note, ProposedService, WrittenService } from '../proposal.ts';
import type { Candidate } from './choose-scripts.ts';
import type { Process } from './processes.ts';
import { shellOf } from './shell-of.ts';
import type { Turbo } from './turbo.ts';
import { ownPort, type Verdict } from './verdict.ts';
import type { Workspace } from './workspace.ts';

/** A process that becomes a service. */
export interface Planned extends Candidate {
  /** Whether it has its own script beside the one that starts the package. */
  readonly isExtra: boolean;
  readonly isSelected: boolean;
  readonly unselectedBecause?: string;
}

export interface Proposal {
  readonly proposed: ProposedService;
  readonly advice: readonly Note[];
}

/** @param libraries the packages whose builds turbo starts together with the services */
export function proposeService(
  planned: Planned,
  name: string,
  workspace: Workspace,
  turbo: Turbo | undefined,
  libraries: ReadonlySet<string>,
): Proposal {
  const { process, verdict, isSelected, unselectedBecause } = planned;
  const framework = verdict.kind === 'server' || verdict.kind === 'optional' ? verdict.framework : undefined;
  const needsLibraries = [...process.from.dependencies].some((name) => libraries.has(name));
  const { shell, root, overridesPort } = shellOf(
    afterBuild(process, verdict),
    framework,
    workspace.managerOf(process.from),
    turbo,
    needsLibraries,
  );
  const serves = verdict.kind === 'server' || framework !== undefined || ownPort.test(process.command);
  const variable = framework?.flag === undefined ? portVariableOf(verdict) : undefined;
  const env = serves ? addressOf(verdict) : undefined;
  const service: WrittenService = {
    name,
    shell,
    ...(root === '' ? {} : { root }),
    ...(serves ? { port: 'auto' } : { port: null, ready: false }),
    ...(variable === undefined ? {} : { portEnv: variable }),
    ...(env === undefined ? {} : { env }),
  };
  const guess = verdict.kind === 'server' || verdict.kind === 'worker' ? verdict.guess : undefined;
  const defaultPort = portInCommand(`PORT=${process.assigned.get('PORT') ?? ''} ${process.command}`);
  return {
    proposed: {
      service,
      from: process.place,
      ...(defaultPort === undefined ? {} : { defaultPort }),
      isSelected,
      ...(guess === undefined ? {} : { guess }),
      ...(unselectedBecause === undefined ? {} : { unselectedBecause }),
    },
    advice: isSelected ? [...scriptAdvice(planned, overridesPort), ...listenerAdvice(verdict)] : [],
  };
}

/** The variable that the program reads instead of PORT. */
function portVariableOf(verdict: Verdict): string | undefined {
  if (verdict.kind === 'optional') return verdict.framework?.variable;
  return verdict.kind === 'server' ? (verdict.framework?.variable ?? verdict.search?.portVariable) : undefined;
}

/** `Deno.serve` listens on the address in this variable, even if the code sets another port. */
function addressOf(verdict: Verdict): WrittenService['env'] {
  const isDeno = verdict.kind === 'server' && verdict.search?.listener?.call === 'Deno.serve';
  return isDeno && !verdict.search.readsPort ? { DENO_SERVE_ADDRESS: 'tcp:0.0.0.0:${port}' } : undefined;
}

/** In a new checkout, the result of the build does not exist yet. */
function afterBuild(process: Process, verdict: Verdict): Process {
  const { from, script, shell } = process;
  const hasBuild = from.scripts.has('build') && !from.scripts.has(`pre${script}`) && !/\bbuild(?!\/)/.test(shell);
  if (verdict.kind !== 'server' || !verdict.needsBuild || !hasBuild) return process;
  const build = { from, shell: 'npm run build' };
  return { ...process, before: [...process.before, build], beforeScript: [...process.beforeScript, build] };
}

function scriptAdvice({ process }: Planned, overridesPort: boolean): readonly Note[] {
  if (!overridesPort) return [];
  const port = process.assigned.get('PORT');
  const setting = port === undefined ? 'a port' : `PORT=${port}`;
  return [{ place: process.place, text: `This script sets ${setting}; remove it so that the reserved port is used` }];
}

/** What the code does about its port, if that is not reading PORT. */
function listenerAdvice(verdict: Verdict): readonly Note[] {
  const isKnown = verdict.kind !== 'server' || verdict.framework !== undefined || addressOf(verdict) !== undefined;
  if (isKnown || verdict.search?.readsPort !== false) return [];
  const { fixedPort, listener } = verdict.search;
  if (fixedPort !== undefined) {
    const { file, line, port } = fixedPort;
    const place = { file, ...(line === undefined ? {} : { line }) };
    return [{ place, text: `Port ${port} is fixed here; read PORT from the environment instead` }];
  }
  if (listener === undefined) return [];
  const place = { file: listener.file, ...(listener.line === undefined ? {} : { line: listener.line }) };
  return [{ place, text: 'The program listens here, and nothing shows that it reads PORT from the environment' }];
}
