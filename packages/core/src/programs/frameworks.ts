import { commandsIn, isOneCommand, programIn } from './command-line.ts';
import { dataStores, nameOfDataStore } from './data-stores.ts';
import type { Framework } from './framework.ts';
import { nodeFrameworks } from './node-frameworks.ts';
import { otherFrameworks, portsOfDataStores, pythonFrameworks } from './other-frameworks.ts';

/**
 * How programs get their port. Flags and variables come from the documentation of each program; docs/reference/frameworks.md
 * lists the programs that are tested by running them.
 */
export const frameworks: readonly Framework[] = [
  ...nodeFrameworks,
  ...pythonFrameworks,
  ...otherFrameworks,
  ...dataStores.map(({ name, program }) => ({ name, program, ...portsOfDataStores[name] })),
];

/** The framework whose program a command line runs. */
export function findFramework(commandLine: string): Framework | undefined {
  const program = programIn(commandLine);
  return frameworks.find((framework) => framework.program.test(program));
}

/** The database or broker that a service is named after. */
export function findNamedFramework(serviceName: string): Framework | undefined {
  const name = nameOfDataStore(serviceName);
  return name === undefined ? undefined : frameworks.find((framework) => framework.name === name);
}

/** Whether the framework's program is installed by a package manager for Node.js. */
export function isNodeFramework(framework: Framework): boolean {
  return nodeFrameworks.includes(framework);
}

/** The first command in a shell line that runs the framework's program. */
export function commandOf(framework: Framework, shell: string): string | undefined {
  return commandsIn(shell).find((command) => findFramework(command) === framework);
}

/**
 * A shell line whose command for the framework's program has the flag; a port that it sets already is replaced. Undefined if
 * the line does not contain the program, or if it is unclear which of several commands would get an appended flag.
 */
export function withFlag(framework: Framework, flag: string, shell: string): string | undefined {
  const command = commandOf(framework, shell);
  if (command === undefined) return undefined;
  const { given, flagAfter } = framework;
  if (flagAfter !== undefined) {
    const free = given === undefined ? command : command.replace(given, '');
    return shell.replace(command, () => free.replace(flagAfter, (part) => `${part} ${flag}`));
  }
  if (given?.test(command)) return shell.replace(command, () => command.replace(given, () => ` ${flag}`));
  return isOneCommand(shell) ? `${shell.trim()} ${flag}` : undefined;
}
