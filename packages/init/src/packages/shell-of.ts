import { quoteWord } from '../source.ts';
import type { Package } from './package-json.ts';
import { execCommand, type PackageManager, runCommand } from './package-manager.ts';
import type { Process, Step } from './processes.ts';
import { type Turbo, turboPrepare, turboRun } from './turbo.ts';
import { ownPort, type PortFlag } from './verdict.ts';

/** The command of a service, and the directory that it runs in. */
export interface ServiceCommand {
  readonly shell: string;
  readonly root: string;
  /** Whether the scripts set PORT, so that the reserved port does not reach the program. */
  readonly overridesPort: boolean;
}

/** The last of two ports wins in these programs; others reject them or use both. */
const lastPortWins = /^(?:Vite|Next\.js|Angular|webpack-dev-server|Storybook|nx)$/;

/** The command that starts a process on the reserved port. Scripts are kept as they are where that is possible. */
export function shellOf(
  process: Process,
  framework: PortFlag | undefined,
  manager: PackageManager,
  turbo: Turbo | undefined,
  needsLibraries: boolean,
): ServiceCommand {
  const { from, script, command } = process;
  const flags = framework?.flag?.replaceAll('$PORT', '${port}') ?? '';
  const hasPort = framework?.given?.test(command) === true && !lastPortWins.test(framework.name);
  const hasOwnPort = framework === undefined && ownPort.test(command);
  const setsPort = process.assigned.has('PORT') && flags === '';
  const isInline =
    script === undefined ||
    hasPort ||
    hasOwnPort ||
    setsPort ||
    (flags !== '' && (!process.takesArguments || framework?.flagAfter !== undefined));
  const before = isInline ? process.before : process.beforeScript;
  const run = isInline
    ? execCommand(manager, inlineShell(process, framework, flags))
    : runCommand(manager, script, flags);
  const dependencies = script !== undefined && process.hasTurbo ? turbo?.dependenciesOf(from, script) : undefined;
  if (dependencies === undefined || script === undefined || from.name === undefined) {
    return direct(process.startedIn, before, run, manager);
  }
  const isBuilt = dependencies.includes('^build') || !needsLibraries;
  const build = isBuilt ? undefined : turboPrepare(from, ['^build']);
  // turbo passes arguments to the script in all packages that it runs it in.
  const isShared = flags !== '' && dependencies.includes(`^${script}`);
  const byTurbo = [build, turboRun(from, script, flags)]
    .flatMap((each) => (each === undefined ? [] : execCommand(manager, each)))
    .join(' && ');
  if (!isInline && !isShared) return inRoot(before, byTurbo, manager);
  if (dependencies.length === 0 && isBuilt) return direct(process.startedIn, before, run, manager);
  const prepare = turboPrepare(from, [...dependencies, ...(isBuilt ? [] : ['^build'])]);
  if (prepare === undefined) return inRoot(before, byTurbo, manager, setsPort || hasPort || hasOwnPort);
  return inRoot(before, `${execCommand(manager, prepare)} && cd ${quoteWord(from.directory)} && ${run}`, manager);
}

/** The text of the process, with the port in place of the one that it contains. */
function inlineShell(process: Process, framework: PortFlag | undefined, flags: string): string {
  const { given, flagAfter } = framework ?? {};
  const { command } = process;
  // The port may be in another script than the programs that prepare the environment.
  const shell = given?.test(command) && !given.test(process.shell) ? command : process.shell;
  const free = shell.replaceAll(/(^|[\s"'])PORT=(?:"[^"]*"|'[^']*'|[^\s"']*)\s+/g, '$1');
  if (flags === '') return free.replace(ownPort, (option) => option.replace(/\d+$/, '${port}'));
  if (flagAfter !== undefined) {
    const withoutPort = given === undefined ? free : free.replace(given, '');
    return withoutPort.replace(flagAfter, (part) => `${part} ${flags}`);
  }
  return given?.test(free) ? free.replace(given, () => ` ${flags}`) : `${free} ${flags}`;
}

/** The service runs in the directory of its package. */
function direct(from: Package, before: readonly Step[], run: string, manager: PackageManager): ServiceCommand {
  const up = from.directory.replaceAll(/[^/]+/g, '..');
  return { shell: afterSteps(before, run, manager, from, up), root: from.directory, overridesPort: false };
}

/** The service runs in the project directory. */
function inRoot(before: readonly Step[], run: string, manager: PackageManager, overridesPort = false): ServiceCommand {
  return { shell: afterSteps(before, run, manager, undefined, ''), root: '', overridesPort };
}

function afterSteps(
  before: readonly Step[],
  run: string,
  manager: PackageManager,
  from: Package | undefined,
  up: string,
): string {
  const steps = before.map((step) => {
    const [, script] = /^npm run (\S+)$/.exec(step.shell) ?? [];
    const command = script === undefined ? execCommand(manager, step.shell) : runCommand(manager, script, '');
    const directory = [up, step.from.directory].filter((part) => part !== '').join('/');
    return step.from === from || directory === '' ? command : `(cd ${quoteWord(directory)} && ${command})`;
  });
  return [...steps, run].join(' && ');
}
